import Foundation
import Logging
import PatchbayAPI
import PatchbayCore

/// Whether what a host tells of itself can be true: its numbers have to be in their ranges, its names short enough.
extension ControlPlane {
    /// The report as it is kept, with texts cut that are too long, and without the sizes of guests that no guest has.
    ///
    /// Throws why it cannot be believed; then it is refused as a whole, and the host counts as one that cannot be read. Its
    /// agent keeps what it had to tell until a report is taken.
    /// How plans ended is not cut: their steps are compared with what was asked for.
    func believed(_ report: AgentProtocol.Report, of host: String) async throws(Problem) -> AgentProtocol.Report {
        var report = report
        report.domains = await without(impossibleSizesOf: report.domains, on: host)
        do throws(Problem) {
            guard try ReportCheck.check(report).hasLongTexts else { return report }
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
        let domains = await without(impossibleSizesOf: domains, on: host)
        do throws(Problem) {
            return try ReportCheck.check(domains).hasLongTexts ? try ReportText.cut(domains) : domains
        } catch {
            await refuse(error, of: host, isWhole: false)
            throw error
        }
    }

    /// One guest's number is no reason to believe nothing of its host: the guest is kept without, which is shown.
    private func without(impossibleSizesOf domains: [Domain], on host: String) async -> [Domain] {
        var believed = domains
        var doubts: [Finding] = []
        for index in believed.indices {
            do throws(Problem) { _ = try ReportCheck.check(believed[index]) } catch {
                (believed[index].vcpus, believed[index].memoryMiB) = (nil, nil)
                doubts.append(.guestNotBelieved(believed[index].name, on: host, error))
            }
        }
        await agents.doubted(host, doubts)
        return believed
    }

    /// Guests are told apart by their names, so a name that is too long is not cut.
    func checkNames(of domains: [Domain], on host: String, isWhole: Bool) async throws(Problem) {
        guard let long = domains.first(where: { $0.name.utf8.count > ReportLimits.longestKey }) else { return }
        let problem = Problem(
            .malformedInput, "The name of a guest is longer than \(ReportLimits.longestKey) bytes.",
            evidence: [long.name.cut(toBytes: ReportLimits.longestText)],
            next: ["Rename the guest on the host."])
        await refuse(problem, of: host, isWhole: isWhole)
        throw problem
    }

    /// A report was refused: what the host said before it is shown, and may not be so any more.
    package func refuse(_ problem: Problem, of host: String, isWhole: Bool) async {
        do throws(Problem) { try await note(unreadable: problem, host: host) } catch {
            logger.error(
                "refused report could not be recorded", metadata: ["host": "\(host)", "problem": "\(error.detail)"])
        }
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
            "Nothing can be stored since \(time(since)): \(problem.detail)",
            next: problem.next)
    }

    static func guestNotBelieved(_ guest: String, on host: String, _ problem: Problem) -> Finding {
        Finding(
            "guest-not-believed", .warning, subject: "vm \(guest)",
            "The size that \(host) reports for guest \(guest) is implausible and ignored. "
                + "\(problem.detail)", next: problem.next)
    }

    static func reportRefused(_ host: String, _ refusal: AgentHub.Refusal) -> Finding {
        Finding(
            "report-refused", .problem, subject: host,
            "Reports of \(host) are refused since \(Self.time(refusal.since)): \(refusal.problem.detail)",
            next: refusal.problem.next)
    }
}
