"""The uninterruptible supply: whether there is mains, how long the battery lasts, and what that means for a visit."""
