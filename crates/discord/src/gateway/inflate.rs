//! One zlib stream per connection, opened message by message and never beyond a bound.

use flate2::{Decompress, FlushDecompress, Status};

use super::limits::{INFLATE_BUFFER_KEPT_BYTES, INFLATED_BYTES_MAX};

/// How a message ends: the empty block that a sync flush leaves (Discord docs: gateway,
/// "Transport compression").
const MESSAGE_END: [u8; 4] = [0x00, 0x00, 0xff, 0xff];

/// The stream is broken; only a new connection helps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum InflateError {
    #[error("the compressed stream is corrupt")]
    Corrupt,
    #[error("a message inflates to more than {INFLATED_BYTES_MAX} bytes")]
    TooLarge,
}

/// Turns the binary messages of a connection into gateway messages.
pub(super) struct Inflater {
    stream: Decompress,
    text: Vec<u8>,
    tail: [u8; 4],
}

impl Inflater {
    pub(super) fn new() -> Self {
        Self { stream: Decompress::new(true), text: Vec::new(), tail: [1; 4] }
    }

    /// Takes the next piece; tells whether it completes a message, which [`Self::text`] then
    /// holds until [`Self::recycle_finished`].
    pub(super) fn push(&mut self, piece: &[u8]) -> Result<bool, InflateError> {
        self.inflate(piece)?;
        for &byte in piece.iter().rev().take(4).rev() {
            self.tail.rotate_left(1);
            if let Some(last) = self.tail.last_mut() {
                *last = byte;
            }
        }
        Ok(self.tail == MESSAGE_END)
    }

    /// What has been inflated of the current message.
    pub(super) fn text(&self) -> &[u8] {
        &self.text
    }

    /// Once a message is whole: makes room for the next one and gives back what a large one has
    /// taken. Does nothing in the middle of a message.
    pub(super) fn recycle_finished(&mut self) {
        if self.tail != MESSAGE_END {
            return;
        }
        self.text.clear();
        self.text.shrink_to(INFLATE_BUFFER_KEPT_BYTES);
        self.tail = [1; 4];
    }

    fn inflate(&mut self, mut piece: &[u8]) -> Result<(), InflateError> {
        // Each round takes input or gives output, so the rounds are bounded by both sizes.
        loop {
            self.make_room(piece.len())?;
            let (taken_before, room_before) = (self.stream.total_in(), self.text.len());
            let status = self
                .stream
                .decompress_vec(piece, &mut self.text, FlushDecompress::Sync)
                .map_err(|_| InflateError::Corrupt)?;
            let taken = usize::try_from(self.stream.total_in() - taken_before)
                .map_err(|_| InflateError::Corrupt)?;
            piece = piece.get(taken..).ok_or(InflateError::Corrupt)?;
            let gave = self.text.len() - room_before;
            match status {
                // The peer never ends the stream while the connection lives.
                Status::StreamEnd => return Err(InflateError::Corrupt),
                Status::Ok | Status::BufError => {}
            }
            if piece.is_empty() && self.text.len() < self.text.capacity() {
                return Ok(());
            }
            if taken == 0 && gave == 0 && self.text.len() < self.text.capacity() {
                return Err(InflateError::Corrupt);
            }
        }
    }

    fn make_room(&mut self, incoming: usize) -> Result<(), InflateError> {
        if self.text.len() > INFLATED_BYTES_MAX {
            return Err(InflateError::TooLarge);
        }
        if self.text.len() == self.text.capacity() {
            // Text shrinks to about a fifth; doubling covers what is better than that.
            let step = incoming.saturating_mul(4).max(self.text.len()).clamp(4_096, 1 << 22);
            self.text.reserve_exact(step);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use flate2::{Compress, Compression, FlushCompress};

    use super::*;

    /// The other end: compresses messages on one stream, as Discord does.
    struct Deflater(Compress);

    impl Deflater {
        fn new() -> Self {
            Self(Compress::new(Compression::default(), true))
        }

        fn message(&mut self, text: &[u8]) -> Vec<u8> {
            let mut out = Vec::with_capacity(text.len() + 1_024);
            self.0.compress_vec(text, &mut out, FlushCompress::Sync).unwrap();
            assert!(out.ends_with(&MESSAGE_END));
            out
        }
    }

    #[test]
    fn messages_come_out_as_they_went_in() {
        let (mut deflater, mut inflater) = (Deflater::new(), Inflater::new());
        let long = "guild ".repeat(50_000);
        for text in ["{}", "second message on the same stream", &long, "{}"] {
            assert_eq!(inflater.push(&deflater.message(text.as_bytes())), Ok(true));
            assert_eq!(inflater.text(), text.as_bytes());
            inflater.recycle_finished();
        }
        assert!(inflater.text.capacity() <= INFLATE_BUFFER_KEPT_BYTES);
    }

    #[test]
    fn a_message_may_come_in_pieces_cut_anywhere() {
        let text = br#"{"op":0,"s":1,"t":"READY","d":{"v":10}}"#;
        let whole = Deflater::new().message(text);
        for cut in 1..whole.len() {
            let mut inflater = Inflater::new();
            assert_eq!(inflater.push(&whole[..cut]), Ok(false), "cut at {cut}");
            assert_eq!(inflater.push(&whole[cut..]), Ok(true), "cut at {cut}");
            assert_eq!(inflater.text(), text);
        }
    }

    #[test]
    fn a_bomb_is_refused_before_it_fills_the_memory() {
        let mut deflater = Deflater::new();
        let blanks = vec![b' '; 4 * 1024 * 1024];
        let head = deflater.message(&blanks);
        let mut more = deflater.message(&blanks);
        more.truncate(more.len() - MESSAGE_END.len());
        let mut inflater = Inflater::new();
        assert_eq!(inflater.push(&head[..head.len() - MESSAGE_END.len()]), Ok(false));
        let outcome = (0..16)
            .map(|_| inflater.push(&MESSAGE_END).and_then(|_| inflater.push(&more)))
            .find(Result::is_err);
        assert_eq!(outcome, Some(Err(InflateError::TooLarge)));
        assert!(inflater.text.capacity() < INFLATED_BYTES_MAX + (8 << 20));
    }

    #[test]
    fn rubbish_is_an_error() {
        assert_eq!(Inflater::new().push(b"not zlib at all"), Err(InflateError::Corrupt));
    }
}
