//! REST: availability, quotes and reservations for guests; configuration, bookings, chats and matters for the owner.
