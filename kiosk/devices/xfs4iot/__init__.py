"""Talking to an XFS4IoT service: JSON messages over a WebSocket, and the machine behind them."""
