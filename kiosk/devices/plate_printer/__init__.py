"""临时号牌打印机: prints temporary number plates on the numbered sheets of its paper source."""
