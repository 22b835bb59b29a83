extension ClosedRange<Int> {
    /// The last number that fits, where all before one that fits do, too. Found by halving; nil: not even the first fits.
    func lastFitting(_ fits: (Int) -> Bool) -> Int? {
        guard fits(lowerBound) else { return nil }
        var (low, high) = (lowerBound, upperBound)
        while low < high {
            let middle = low + (high - low + 1) / 2
            if fits(middle) { low = middle } else { high = middle - 1 }
        }
        return low
    }
}
