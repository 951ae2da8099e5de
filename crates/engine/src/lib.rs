//! What Muster does: answering a tap, creating an event, running what is due, delivering once.

pub mod ports;
