import Foundation
import PatchbayAPI
import PatchbayCore

extension Lab {
    /// Waits until the server knows each host from its agent, so that whoever is told "up" can use it.
    ///
    /// - Parameter start: a report that is older does not count.
    package static func waitForReports(
        of hosts: [String], since start: Date, from service: any PatchbayService, within limit: Duration = .seconds(300)
    ) async throws(Problem) {
        for host in hosts {
            try await Observation.until(limit, "the agent of \(host) has reported") { () async throws(Problem) in
                guard let time = try await lastReport(of: host, from: service) else { return false }
                return Double(time) >= start.timeIntervalSince1970 * 1000
            }
        }
    }

    /// When the server last took an inventory of the host, in milliseconds since 1970; nil: never.
    private static func lastReport(
        of host: String, from service: any PatchbayService
    ) async throws(Problem) -> Int? {
        do throws(Problem) {
            return try await service.host(host).inventoryAt
        } catch {
            guard error.code == .unknownHost else { throw error }
            return nil
        }
    }
}
