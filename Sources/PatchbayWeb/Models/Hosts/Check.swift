import PatchbayAPI
import PatchbayCore

/// One line of the readiness of a host: what the doctor says of it, and whether its agent is heard.
struct Check: Sendable, Hashable {
    let mark: String
    let css: String
    let name: String
    let sentence: String

    /// What is needed before anything else, in that order.
    private static let needed = ["cpu-virtualization", "iommu", "interrupt-remapping", "vfio"]

    static func checks(of host: API.Host, _ report: API.DoctorReport) -> [Check] {
        let found = needed.compactMap { code in report.checks.first { $0.code == code } }.map(Check.init)
        let agent =
            host.agent.isConnected
            ? Check(mark: "✓", css: "good", name: "Agent", sentence: "connected")
            : Check(mark: "✕", css: "bad", name: "Agent", sentence: "offline: start it on the host")
        return found + [agent]
    }

    private init(mark: String, css: String, name: String, sentence: String) {
        (self.mark, self.css, self.name, self.sentence) = (mark, css, name, sentence)
    }

    private init(_ check: API.DoctorCheck) {
        let line = DoctorLine(check)
        (mark, css, name, sentence) = (line.mark, line.css, line.title, line.reason)
    }
}
