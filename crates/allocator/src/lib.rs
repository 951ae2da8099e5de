//! The only place with `unsafe` code: asks the C library's allocator what it holds, and to give
//! memory back.
