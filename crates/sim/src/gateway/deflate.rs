//! `compress=zlib-stream`: one deflate context per connection, flushed after each payload.

use flate2::{Compress, Compression, FlushCompress};

/// The sending side of a compressed connection.
pub(super) struct Deflate(Compress);

impl Deflate {
    pub(super) fn new() -> Self {
        Self(Compress::new(Compression::fast(), true))
    }

    /// Packs one payload; the result ends with `00 00 ff ff`. `None` if compression failed.
    pub(super) fn pack(&mut self, payload: &[u8]) -> Option<Vec<u8>> {
        let mut packed = Vec::with_capacity(payload.len() / 2 + 64);
        let begin = self.0.total_in();
        loop {
            let taken = usize::try_from(self.0.total_in() - begin).ok()?;
            let rest = payload.get(taken..)?;
            self.0.compress_vec(rest, &mut packed, FlushCompress::Sync).ok()?;
            // Room that was left over means that the flush is complete.
            if packed.len() < packed.capacity() {
                return Some(packed);
            }
            packed.reserve(packed.capacity());
        }
    }
}

#[cfg(test)]
mod tests {
    use flate2::{Decompress, FlushDecompress};

    use super::*;

    #[test]
    fn payloads_of_every_size_come_back_in_one_context() {
        let mut deflate = Deflate::new();
        let mut inflate = Decompress::new(true);
        for size in [0, 1, 100, 70_000] {
            let payload: Vec<u8> =
                (0..size).map(|n| u8::try_from(n * 7919 % 251).unwrap()).collect();
            let packed = deflate.pack(&payload).unwrap();
            if size > 0 {
                assert!(packed.ends_with(&[0, 0, 0xff, 0xff]), "{size} bytes are flushed");
            }
            let mut plain = Vec::with_capacity(size + 1024);
            inflate.decompress_vec(&packed, &mut plain, FlushDecompress::Sync).unwrap();
            assert_eq!(plain, payload, "{size} bytes come back");
        }
    }
}
