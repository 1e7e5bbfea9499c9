"""Pages on a real window without a display: touches, measures, threads, memory."""
