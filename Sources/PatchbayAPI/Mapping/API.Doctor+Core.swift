import PatchbayCore
import PatchbayText

extension API.DoctorReport {
    package init(_ report: PatchbayCore.DoctorReport) {
        self.init(
            host: report.host, system: report.system, headline: report.headline, next: report.next.lines,
            verdict: report.verdict, lendable: report.lendable, devices: report.devices,
            checks: report.checks.map { check in
                API.DoctorCheck(
                    code: check.code, title: check.title, verdict: check.verdict, reason: check.reason,
                    evidence: check.evidence, fix: check.fix.lines)
            })
    }
}
