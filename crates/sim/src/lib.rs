//! A simulated Discord: world, REST, gateway, users, clock and page.
