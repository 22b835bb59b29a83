import PatchbayAPI
import PatchbayCore

/// The report as one page of plain text for somebody who has never seen the host.
struct DoctorTicket {
    private let report: API.DoctorReport
    private let groups: [String]
    private let version: String

    init(_ report: API.DoctorReport, groups: [String], version: String) {
        self.report = report
        self.groups = groups
        self.version = version
    }

    /// - Parameter translate: puts made-up values in the place of what tells who the host is.
    func text(_ translate: (String) -> String) -> String {
        var lines = [
            "Patchbay \(version), report for a support ticket",
            "Names, serial numbers and addresses are made up; the same one stands for the same thing.", "",
            "system   \(report.system.isEmpty ? "unknown" : report.system.joined(separator: ", "))",
            "verdict  \(report.headline)", "devices  \(report.lendable) of \(report.devices) can be lent", "", "CHECKS",
        ]
        for check in report.checks {
            lines.append("[\(check.verdict.rawValue)] \(check.code): \(check.reason)")
            lines += check.evidence.map { "    \($0)" }
            lines += check.fix.map { "    fix: \($0)" }
        }
        lines += ["", "IOMMU GROUPS"] + (groups.isEmpty ? ["none"] : groups)
        return lines.map { Style.harmless(translate($0)) + "\n" }.joined()
    }
}
