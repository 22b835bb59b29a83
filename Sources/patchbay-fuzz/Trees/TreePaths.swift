import Foundation

/// Everything in a tree, by path relative to its root: what a case may change.
struct TreePaths {
    private let all: [String]
    /// By last component, so that a name that occurs once is changed as often as one that every device has.
    private let byName: [[String]]

    /// Sorted, so that a seed means the same on every machine. Links are not followed.
    init(root: String) {
        var paths: [String] = []
        var stack = [""]
        while let directory = stack.popLast() {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(root)/\(directory)")) ?? []
            for name in names {
                let path = directory.isEmpty ? name : "\(directory)/\(name)"
                paths.append(path)
                if TreeFiles.kind("\(root)/\(path)") == S_IFDIR { stack.append(path) }
            }
        }
        all = paths.sorted()
        byName = Dictionary(grouping: all, by: \.lastPathComponent).sorted { $0.key < $1.key }.map(\.value)
    }

    var count: Int { all.count }

    func pick(_ dice: inout Dice) -> String {
        if dice.isOne(in: 2) { return dice.pick(all) }
        return dice.pick(dice.pick(byName))
    }
}
