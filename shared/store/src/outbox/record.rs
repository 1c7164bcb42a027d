//! Recording what the provider answered.
