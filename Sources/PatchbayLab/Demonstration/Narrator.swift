import PatchbayAPI
import PatchbayCore

/// Tells what a demonstration does, in plain lines with the time since it began.
package struct Narrator: Sendable {
    private let started: ContinuousClock.Instant
    private let print: @Sendable (String) -> Void

    package init(started: ContinuousClock.Instant = .now, print: @escaping @Sendable (String) -> Void) {
        self.started = started
        self.print = print
    }

    package func stage(_ text: String) {
        let seconds = Int((ContinuousClock.now - started) / .seconds(1))
        print("\n\(Self.left("\(seconds) s", 6)) \(text)")
    }

    package func say(_ text: String) { print("       \(text)") }

    func quote(_ text: String) { print("       | \(text)") }

    func row(_ device: API.Device) {
        let group = device.iommuGroup.map { "group \($0)" } ?? "no group"
        let node = device.numaNode.map { "NUMA \($0)" } ?? ""
        let words = [
            Self.left(device.shortID, 14), Self.left(device.name, 44), Self.left(device.driver ?? "-", 10),
            Self.left(group, 9), Self.left(node, 6), device.state.rawValue,
        ]
        print("       \(words.joined(separator: " "))")
    }

    func step(_ step: API.Step) {
        let time = step.milliseconds.map { "\($0) ms" } ?? ""
        print("       \(Self.left(step.status, 7)) \(step.verb) \(step.object) \(step.remark) \(time)")
    }

    func problem(_ problem: Problem) {
        say("refused: \(problem.detail)")
        for line in problem.evidence { say("         \(line)") }
    }

    private static func left(_ text: String, _ width: Int) -> String {
        let shown = text.prefix(width)
        return shown + String(repeating: " ", count: max(0, width - shown.count))
    }
}
