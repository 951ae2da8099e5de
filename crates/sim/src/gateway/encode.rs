//! How frames go over the wire: as text, or packed in one of the ways that a bot may ask for.

use axum::extract::ws::Message;
use flate2::{Compress, Compression, FlushCompress};

/// Payloads from this size on are packed when a bot asked for it with `compress` in its identify.
const MIN_PACKED: usize = 1_024;
/// A block of zstd holds so much at most (RFC 8878, `Block_Maximum_Size`).
const ZSTD_BLOCK: usize = 128 * 1024;

/// The sending side's way of packing.
pub(super) enum Encoding {
    /// JSON text.
    Plain,
    /// JSON text; large payloads each packed by zlib alone.
    PackedLarge,
    /// One zlib context for the connection, flushed after each payload.
    ZlibStream(Compress),
    /// One zstd frame for the connection. Its blocks are stored, not compressed, which any
    /// decoder has to take.
    ZstdStream { begun: bool },
}

impl Encoding {
    /// The transport compression of this name; `None` if there is no such.
    pub(super) fn named(name: Option<&str>) -> Option<Self> {
        match name {
            None | Some("") => Some(Self::Plain),
            Some("zlib-stream") => Some(Self::ZlibStream(Compress::new(Compression::fast(), true))),
            Some("zstd-stream") => Some(Self::ZstdStream { begun: false }),
            Some(_) => None,
        }
    }

    /// The bot asked for payload compression. Transport compression excludes it.
    pub(super) fn pack_large(&mut self) {
        if matches!(self, Self::Plain) {
            *self = Self::PackedLarge;
        }
    }

    /// One payload as a message. `None` if compression failed.
    pub(super) fn encode(&mut self, payload: &str) -> Option<Message> {
        match self {
            Self::PackedLarge if payload.len() >= MIN_PACKED => {
                let mut alone = Compress::new(Compression::fast(), true);
                let packed = deflate(&mut alone, payload.as_bytes(), FlushCompress::Finish)?;
                Some(Message::binary(packed))
            }
            Self::Plain | Self::PackedLarge => Some(Message::text(payload)),
            Self::ZlibStream(context) => {
                let packed = deflate(context, payload.as_bytes(), FlushCompress::Sync)?;
                Some(Message::binary(packed))
            }
            Self::ZstdStream { begun } => {
                let first = !std::mem::replace(begun, true);
                Some(Message::binary(stored_zstd(payload.as_bytes(), first)))
            }
        }
    }
}

/// Packs one payload; flushed by `Sync`, the result ends with `00 00 ff ff`.
fn deflate(context: &mut Compress, payload: &[u8], flush: FlushCompress) -> Option<Vec<u8>> {
    let mut packed = Vec::with_capacity(payload.len() / 2 + 64);
    let begin = context.total_in();
    loop {
        let taken = usize::try_from(context.total_in() - begin).ok()?;
        let rest = payload.get(taken..)?;
        context.compress_vec(rest, &mut packed, flush).ok()?;
        // Room that was left over means that the flush is complete.
        if packed.len() < packed.capacity() {
            return Some(packed);
        }
        packed.reserve(packed.capacity());
    }
}

/// A payload as raw blocks of a zstd frame that never ends (RFC 8878: `Magic_Number`, a frame
/// header with a window of 1 MiB, then for each block a header of three bytes).
fn stored_zstd(payload: &[u8], first: bool) -> Vec<u8> {
    let mut frame = Vec::with_capacity(payload.len() + 16);
    if first {
        frame.extend_from_slice(&[0x28, 0xb5, 0x2f, 0xfd, 0x00, 10 << 3]);
    }
    for block in payload.chunks(ZSTD_BLOCK) {
        // Bit 0: not the last block. Bits 1 and 2: raw. The rest: its size.
        let header = u32::try_from(block.len()).unwrap_or(0) << 3;
        let [low, middle, high, _] = header.to_le_bytes();
        frame.extend_from_slice(&[low, middle, high]);
        frame.extend_from_slice(block);
    }
    frame
}

#[cfg(test)]
mod tests {
    use flate2::{Decompress, FlushDecompress};

    use super::*;

    fn binary(message: Option<Message>) -> Vec<u8> {
        match message {
            Some(Message::Binary(bytes)) => bytes.to_vec(),
            other => panic!("{other:?} is not packed"),
        }
    }

    fn text(size: usize) -> String {
        (0..size).map(|n| char::from(b'a' + u8::try_from(n * 7919 % 26).unwrap())).collect()
    }

    fn inflate(context: &mut Decompress, packed: &[u8], size: usize) -> String {
        let mut plain = Vec::with_capacity(size + 1024);
        context.decompress_vec(packed, &mut plain, FlushDecompress::Sync).unwrap();
        String::from_utf8(plain).unwrap()
    }

    #[test]
    fn payloads_of_every_size_come_back_in_one_zlib_context() {
        let mut encoding = Encoding::named(Some("zlib-stream")).unwrap();
        let mut context = Decompress::new(true);
        for size in [1, 100, 70_000] {
            let packed = binary(encoding.encode(&text(size)));
            assert!(packed.ends_with(&[0, 0, 0xff, 0xff]), "{size} bytes are flushed");
            assert_eq!(inflate(&mut context, &packed, size), text(size));
        }
    }

    #[test]
    fn large_payloads_are_packed_alone_if_asked_for() {
        let mut encoding = Encoding::named(None).unwrap();
        assert_eq!(encoding.encode(&text(5_000)), Some(Message::text(text(5_000))));
        encoding.pack_large();
        assert_eq!(encoding.encode("{}"), Some(Message::text("{}")));
        for _ in 0..2 {
            let packed = binary(encoding.encode(&text(5_000)));
            assert_eq!(packed.first(), Some(&0x78), "a zlib header each time");
            assert_eq!(inflate(&mut Decompress::new(true), &packed, 5_000), text(5_000));
        }
    }

    #[test]
    fn a_zstd_stream_is_one_frame_of_stored_blocks() {
        let mut encoding = Encoding::named(Some("zstd-stream")).unwrap();
        let first = binary(encoding.encode("ab"));
        assert_eq!(first, [0x28, 0xb5, 0x2f, 0xfd, 0, 0x50, 0x10, 0, 0, b'a', b'b']);
        let second = binary(encoding.encode(&text(ZSTD_BLOCK + 1)));
        assert_eq!(second.len(), ZSTD_BLOCK + 1 + 6, "no second frame, two blocks");
        assert_eq!(second[..3], [0, 0, 0x10], "128 KiB, raw, not the last");
    }
}
