/// An amount dealt to the cells of a guest as evenly as whole pieces allow: `extra` cells get one more than `least`.
struct Shares: Hashable {
    let least: Int
    let extra: Int

    init(_ amount: Int, over cells: Int) {
        least = amount / cells
        extra = amount % cells
    }

    /// Whether nodes with room for so many each can take them, one cell on each.
    func fit(_ rooms: some Sequence<Int>) -> Bool {
        var left = extra
        for room in rooms {
            guard room >= least else { return false }
            if room > least { left -= 1 }
        }
        return left <= 0
    }

    /// The share of each cell, given what its node has room for: the first that can take one more get one more.
    /// nil: there is not room enough.
    func dealt(over rooms: [Int]) -> [Int]? {
        var left = extra
        var shares: [Int] = []
        for room in rooms {
            guard room >= least else { return nil }
            if left > 0, room > least {
                left -= 1
                shares.append(least + 1)
            } else {
                shares.append(least)
            }
        }
        return left == 0 ? shares : nil
    }
}
