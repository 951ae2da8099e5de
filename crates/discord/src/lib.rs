//! Discord: gateway, REST, commands in and views out.
