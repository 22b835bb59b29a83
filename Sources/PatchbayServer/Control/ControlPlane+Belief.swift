import Foundation
import Logging
import PatchbayAPI
import PatchbayCore

/// Whether what a host tells of itself can be true: its numbers have to be in their ranges, its names short enough.
extension ControlPlane {
    /// The report as it is kept, with texts cut that are too long.
    ///
    /// Throws why it cannot be believed; then it is refused as a whole, and the host's page and `status` say so.
    /// How plans ended is not cut: their steps are compared with what was asked for.
    func believed(_ report: AgentProtocol.Report, of host: String) async throws(Problem) -> AgentProtocol.Report {
        do throws(Problem) {
            guard try ReportCheck.check(report).hasLongTexts else { return report }
            var report = report
            report.inventory = try ReportText.cut(report.inventory)
            report.domains = try ReportText.cut(report.domains)
            return report
        } catch {
            await refuse(error, of: host, isWhole: true)
            throw error
        }
    }

    /// The guests alone.
    func believed(_ domains: [Domain], of host: String) async throws(Problem) -> [Domain] {
        do throws(Problem) {
            return try ReportCheck.check(domains).hasLongTexts ? try ReportText.cut(domains) : domains
        } catch {
            await refuse(error, of: host, isWhole: false)
            throw error
        }
    }

    /// Guests are told apart by their names, so a name that is too long is not cut.
    func checkNames(of domains: [Domain], on host: String, isWhole: Bool) async throws(Problem) {
        guard let long = domains.first(where: { $0.name.utf8.count > ReportLimits.longestKey }) else { return }
        let problem = Problem(
            .malformedInput, "The name of a guest is longer than \(ReportLimits.longestKey) bytes.",
            evidence: [long.name.cut(toBytes: ReportLimits.longestText)],
            next: ["Give the guest a shorter name, on the host."])
        await refuse(problem, of: host, isWhole: isWhole)
        throw problem
    }

    /// A report was refused; what the host said before it stands.
    func refuse(_ problem: Problem, of host: String, isWhole: Bool) async {
        let isNew = await agents.refused(host, because: problem, isWhole: isWhole)
        guard isNew else { return }
        logger.warning("report refused", metadata: ["host": "\(host)", "problem": "\(problem.detail)"])
    }
}

extension Finding {
    private static func time(_ milliseconds: Int) -> String {
        Date(timeIntervalSince1970: Double(milliseconds) / 1000).formatted(.iso8601)
    }

    static func storeFails(since: Int, _ problem: Problem) -> Finding {
        Finding(
            "store-failed", .problem, subject: "store",
            "Nothing can be written since \(time(since)): \(problem.detail)",
            next: problem.next)
    }

    static func reportRefused(_ host: String, _ refusal: AgentHub.Refusal) -> Finding {
        Finding(
            "report-refused", .problem, subject: host,
            "What \(host) reports is refused since \(Self.time(refusal.since)): \(refusal.problem.detail)",
            next: refusal.problem.next)
    }
}
