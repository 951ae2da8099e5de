//! A zlib stream whose pieces are compressed beforehand, so that a tap costs next to nothing to
//! send. Pieces that differ from tap to tap go in as stored blocks.

use flate2::{Compress, Compression, FlushCompress};

use crate::error::{BenchError, other};

/// Most bytes that one stored block takes (RFC 1951, 3.2.4).
const STORED_MAX: usize = 0xffff;

/// How a message ends (Discord docs: gateway, "Transport compression").
const MESSAGE_END: [u8; 4] = [0x00, 0x00, 0xff, 0xff];

/// How a zlib stream begins: deflate, a window of 32 KiB, no dictionary (RFC 1950, 2.2).
pub(super) const STREAM_BEGIN: [u8; 2] = [0x78, 0x9c];

/// Compresses one message on a stream of its own, up to the end of a message. It refers to nothing
/// before it, so it fits into any stream.
pub(super) fn compressed(text: &[u8]) -> Result<Vec<u8>, BenchError> {
    let mut stream = Compress::new(Compression::default(), false);
    let mut out = Vec::with_capacity(text.len() / 2 + 64);
    while stream.total_in() < u64::try_from(text.len()).unwrap_or(u64::MAX)
        || out.len() == out.capacity()
    {
        out.reserve(text.len() / 4 + 64);
        let taken = usize::try_from(stream.total_in()).unwrap_or(usize::MAX);
        let rest = text.get(taken..).unwrap_or_default();
        stream
            .compress_vec(rest, &mut out, FlushCompress::Sync)
            .map_err(|_| other("a message cannot be compressed"))?;
    }
    Ok(out)
}

/// Appends text as it is.
pub(super) fn stored(text: &[u8], out: &mut Vec<u8>) {
    for piece in text.chunks(STORED_MAX) {
        let length = u16::try_from(piece.len()).unwrap_or(u16::MAX);
        out.push(0);
        out.extend_from_slice(&length.to_le_bytes());
        out.extend_from_slice(&(!length).to_le_bytes());
        out.extend_from_slice(piece);
    }
}

/// A whole message as it is.
pub(super) fn message(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + 16);
    stored(text.as_bytes(), &mut out);
    out.push(0);
    out.extend_from_slice(&MESSAGE_END);
    out
}

#[cfg(test)]
mod tests {
    use flate2::{Decompress, FlushDecompress};

    use super::*;

    #[test]
    fn pieces_make_one_stream_and_each_message_has_its_end() {
        let long = "ab".repeat(50_000);
        let mut stream = STREAM_BEGIN.to_vec();
        stream.extend(compressed(long.as_bytes()).unwrap());
        stream.extend(message("hello"));
        stored(b"one tap", &mut stream);
        stream.extend(compressed(b" and its end").unwrap());
        assert_eq!(stream.get(stream.len() - 4..), Some(&MESSAGE_END[..]));
        let mut text = Vec::with_capacity(200_000);
        let mut inflate = Decompress::new(true);
        inflate.decompress_vec(&stream, &mut text, FlushDecompress::Sync).unwrap();
        assert_eq!(text, format!("{long}helloone tap and its end").as_bytes());
    }
}
