import PatchbayAPI
import PatchbayCore

/// What became of pools and profiles, or would: a line for each that is another now, with its own lines below.
struct DifferenceText {
    private let differences: [API.Difference]

    /// Those that stay as they are have nothing to tell.
    init(_ differences: [API.Difference]) { self.differences = differences.filter { $0.action != .unchanged } }

    /// - Parameter isWhole: with the lines of the documents, not only the names.
    func render(_ style: Style, isWhole: Bool) -> String {
        differences.map { difference in
            let action = style.paint(difference.action.rawValue.padded(to: 8), difference.action.colour)
            let heading = action + style.clean("\(difference.kind) \(difference.name)") + "\n"
            return heading + (isWhole ? difference.lines.map { line($0, style) }.joined() : "")
        }.joined()
    }

    private func line(_ text: String, _ style: Style) -> String {
        let colour: Colour? = text.hasPrefix("+ ") ? .green : text.hasPrefix("- ") ? .red : .dim
        return "    " + style.paint(style.clean(text), colour) + "\n"
    }
}

extension API.Difference.Action {
    fileprivate var colour: Colour? {
        switch self {
        case .create: .green
        case .change: .yellow
        case .delete: .red
        case .unchanged: nil
        }
    }
}
