//! What the tests of this crate share: a tree of files that stands for the kernel's, and a way to
//! wait for what never really waits.

use std::path::Path;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use muster_scratch::Scratch;

/// A folder that is gone when the test is over.
pub(crate) struct Tree(Scratch);

impl Tree {
    pub(crate) fn new() -> Self {
        Self(Scratch::new().unwrap())
    }

    /// With this file, the folders above it made as needed.
    pub(crate) fn with(self, path: &str, text: &str) -> Self {
        self.write(path, text);
        self
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.0.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub(crate) fn root(&self) -> &Path {
        self.0.path()
    }
}

/// The end of a future that never waits for anything outside.
pub(crate) fn ended<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..1_000 {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
    }
    panic!("it waits for something");
}
