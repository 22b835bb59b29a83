/// Where something is in a value: the names of its coding keys and the numbers of list elements that lead to it.
package final class ValuePath: Sendable {
    /// nil: an element of a list.
    let key: String?
    let index: Int
    let parent: ValuePath?

    init(key: String? = nil, index: Int = 0, in parent: ValuePath?) {
        self.key = key
        self.index = index
        self.parent = parent
    }

    static let root = ValuePath(in: nil)

    /// The nearest name: of a list's element that of the list.
    package var name: String { key ?? parent?.name ?? "" }
    /// The name before the nearest one.
    package var holder: String { (key == nil ? parent?.holder : parent?.name) ?? "" }
}

extension ValuePath: CustomStringConvertible {
    /// `survey.platform.numaCells[1].cpus[0]`
    package var description: String {
        guard let parent else { return "" }
        let before = parent.description
        guard let key else { return "\(before)[\(index)]" }
        return before.isEmpty ? key : "\(before).\(key)"
    }
}
