import Foundation
import PatchbayAPI
import PatchbayClient
import PatchbayCore
import PatchbayLab
import Testing

/// The lab that a suite of scenarios shares: one rich host, its server and its agent.
struct LabSession: Sendable {
    @TaskLocal static var current: LabSession?

    let lab: Lab
    let host: LabHost
    let service: any PatchbayService
    /// By the ids of the host's description; virtual functions as `sriovnic.1`, `sriovnic.2`.
    let addresses: [String: PCIAddress]

    /// `PATCHBAY_LAB=1`, as `make test` sets it.
    static var isWanted: Bool { ProcessInfo.processInfo.environment["PATCHBAY_LAB"] == "1" }

    /// Our program, as it was built with the tests.
    static var binary: String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return root.appending(path: ".build/debug/patchbay").path
    }

    func address(_ id: String) throws -> PCIAddress { try #require(addresses[id], "the host has no \(id)") }
    func name(_ id: String) throws -> String { "\(host.name)/\(try address(id))" }

    /// The driver that the host's kernel says a device is on, in the host's own sysfs; nil: none.
    func driver(_ id: String) async throws -> String? {
        let link = "/sys/bus/pci/devices/\(try address(id))/driver"
        let answer = try await host.run(["sh", "-c", "basename \"$(readlink \(link))\""])
        let text = answer.output.trimmingCharacters(in: .whitespacesAndNewlines)
        return text.isEmpty ? nil : text
    }

    func drivers(_ ids: [String]) async throws -> [String: String?] {
        var drivers: [String: String?] = [:]
        for id in ids { drivers.updateValue(try await driver(id), forKey: id) }
        return drivers
    }

    /// Waits for every plan of a change; the last one is returned, whatever its end.
    @discardableResult
    func end(_ change: API.Change) async throws -> API.Plan? {
        var last: API.Plan?
        for plan in change.plans { last = try await PlanObservation(service: service).end(of: plan.id) }
        return last
    }

    /// Waits for every plan of a change and requires that it was applied.
    func applied(_ change: API.Change, _ location: SourceLocation = #_sourceLocation) async throws {
        for plan in change.plans {
            let ended = try await PlanObservation(service: service).end(of: plan.id)
            #expect(ended.phase == "applied", "\(String(describing: ended.problem))", sourceLocation: location)
        }
    }
}

/// Starts the lab before a suite and ends it after.
struct LabTrait: SuiteTrait, TestScoping {
    var isRecursive: Bool { false }

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        guard test.isSuite, LabSession.isWanted else { return try await function() }
        let wanted = ProcessInfo.processInfo.environment["PATCHBAY_LAB_STATE"]
        let directory = wanted ?? "\(NSTemporaryDirectory())patchbay-lab-\(UUID().uuidString.prefix(8))"
        let lab = Lab(directory: directory)
        var problem: (any Error)?
        do {
            let session = try await Self.start(lab)
            try await LabSession.$current.withValue(session) { try await function() }
        } catch {
            problem = error
        }
        try await lab.down()
        if let problem { throw problem }
        try FileManager.default.removeItem(atPath: directory)
    }

    private static func start(_ lab: Lab) async throws -> LabSession {
        let binary = LabSession.binary
        let description = try HostDescription(yaml: #require(LabAssets.descriptions["rich"]))
        let cache = LabCache { print("lab: \($0)") }
        let hosts = try await lab.up(Lab.Order(description: description, binary: binary), cache: cache)
        let host = try #require(hosts.first)
        let address = try ServerAddress(#require(lab.server.url))
        let service = PatchbayClient(address: address, token: lab.server.token)
        try await Observation.until(.seconds(240), "the agent has reported") { () async throws(Problem) in
            do throws(Problem) {
                return try await service.host(host.name).inventoryAt != nil
            } catch {
                guard error.code == .unknownHost else { throw error }
                return false
            }
        }
        var addresses = try await host.addresses()
        for wanted in description.makeVirtualFunctions {
            let physical = try #require(addresses[wanted.device])
            for number in 1...wanted.count {
                let link = "/sys/bus/pci/devices/\(physical)/virtfn\(number - 1)"
                let name = try await host.shell("basename $(readlink \(link))")
                addresses["\(wanted.device).\(number)"] = try PCIAddress(name.filter { !$0.isWhitespace })
            }
        }
        return LabSession(lab: lab, host: host, service: service, addresses: addresses)
    }
}

extension Trait where Self == LabTrait {
    static var lab: LabTrait { LabTrait() }
}
