import Foundation
import Glibc
import PatchbayAPI
import PatchbayDisplay
import PatchbayStore
import PatchbayTesting
import Testing

@testable import PatchbayCore
@testable import PatchbayServer

/// Root of one host must not be able to end the server of all.
@Suite struct `The numbers of a report` {
    /// Each case stands for one number of the report.
    private func sweep(_ body: (AgentProtocol.Report, _ place: String) async throws -> Void) async throws {
        let json = try FullReport.json(FullReport.report)
        let places = FullReport.numbers(in: json)
        #expect(places.count > 100)
        for place in places {
            for extreme in FullReport.extremes {
                let changed = FullReport.replacing(json, at: place[...], by: extreme)
                // Some do not even fit the type.
                guard let report = try? FullReport.decode(AgentProtocol.Report.self, changed) else { continue }
                try await body(report, "\(place) \(extreme)")
            }
        }
    }

    @Test func `are refused where no machine has them, and end nothing`() async throws {
        let plane = ControlPlane.forTest(MemoryStore())
        try await plane.report(FullReport.report, host: FullReport.host)
        _ = try await plane.makePassthrough(
            API.PassthroughRequest(
                devices: ["41:00.0"], pool: "gpus", create: API.PoolDraft(preparation: .onDemand)), dryRun: false)
        var refused = 0
        var taken = 0
        try await sweep { report, place in
            do throws(Problem) { try await plane.report(report, host: FullReport.host) } catch {
                #expect(error.code == .malformedInput, "\(place)")
                refused += 1
                return
            }
            taken += 1
            try await FullReport.ask(plane)
        }
        #expect(refused > 300 && taken > 100, "\(refused) \(taken)")
    }

    @Test func `end nothing where an earlier server has stored them`() async throws {
        try await sweep { report, place in
            let store = MemoryStore()
            var commit = Commit()
            try commit.put(report.inventory, of: FullReport.host, in: Fleet())
            try commit.put(StateKey.domains(FullReport.host), report.domains)
            _ = try await store.commit(commit.writes, if: [])
            let plane = ControlPlane.forTest(store)
            _ = try await plane.status()
            var stored = report
            stored.refreshed = 0
            guard (try? ReportCheck.check(stored)) == nil else { return }
            let findings = try await plane.status().findings.map(\.code)
            #expect(findings.contains("unreadable-value"), "\(place)")
            try await plane.report(FullReport.report, host: FullReport.host)
            #expect(try await plane.status().findings.map(\.code).contains("unreadable-value") == false, "\(place)")
        }
    }

    /// The check on arrival is one wall; arithmetic that never traps is the other.
    @Test func `end nothing where they come past the check`() async throws {
        try await sweep { report, _ in
            let inventory = report.inventory
            let view = HostView(inventory: inventory, usage: Usage(domains: report.domains))
            let room = HostRoom(
                inventory, settings: HostSettings(isPinned: true), domains: report.domains, claims: [])
            for needs in [
                GuestNeeds(vcpus: 2, memoryMiB: 1024),
                GuestNeeds(vcpus: 2, memoryMiB: 1024, pin: .thread, hugepageKiB: 2048, cells: 2),
            ] {
                _ = room.fits(needs)
                _ = room.seat(needs, on: [NUMANode(0), NUMANode(1)])
                for nodes in room.nodeChoices(needs, near: [NUMANode(0): 2]) { _ = room.reason(for: needs, on: nodes) }
            }
            _ = view.standing()
            for function in inventory.functions { _ = DetailsMaker(inventory).details(of: function) }
            let survey = API.Survey(inventory) { key in
                let (state, reason) = view.state(of: key)
                return .init(state: state, reason: reason, pools: [], holder: nil, binding: nil)
            }
            _ = HostStory.make(survey)
        }
    }

    @Test func `all have a range of their own`() throws {
        let names = NumberNames()
        try ValueWalk.show(FullReport.report, to: names)
        #expect(names.unnamed.isEmpty, "\(names.unnamed.sorted())")
    }

    private final class NumberNames: ValueVisitor {
        var unnamed: Set<String> = []

        func meet(_ number: Int, at path: ValuePath) {
            if ReportLimits.range(of: path.name, in: path.holder) == nil { unnamed.insert("\(path)") }
        }
        func meet(_ number: UInt64, at path: ValuePath) { meet(0, at: path) }
        func meet(_ number: Double, at path: ValuePath) { meet(0, at: path) }
        func meet(_ text: String, at path: ValuePath) {}
        func meet(key: String, at path: ValuePath) {}
    }
}

/// Nor by what no kernel tells: what is looked up by halves is in order, and keys are there once.
@Suite struct `The shape of a report` {
    @Test(arguments: ReportShape.allCases) func `ends and stops nothing, neither when it comes nor where it is stored`(
        _ shape: ReportShape
    ) async {
        await #expect(processExitsWith: .success) { [shape = shape as ReportShape] in
            // One that never ends is as bad.
            alarm(60)
            try await ShapedHost().hear(shape)
            try await ShapedHost().load(shape)
        }
    }
}

@Suite struct `A report that cannot be believed` {
    @Test func `is refused and shown, and what was known stands`() async throws {
        try await Scene.with { scene in
            var report = FullReport.report
            report.inventory.host.memoryMiB = -1
            let refused = try await problem { try await scene.plane.report(report, host: "atlas") }
            #expect(refused.code == .malformedInput)
            #expect(refused.detail.contains("\"inventory.host.memoryMiB\" is -1"))
            let finding = try #require(
                try await scene.plane.host("atlas").findings.first { $0.code == "report-refused" })
            #expect(finding.sentence.hasPrefix("Reports of atlas are refused since 2023-11-14T22:13:20Z: The report"))
            #expect(try await scene.plane.status().findings.contains { $0.code == "report-refused" })
            #expect(try await scene.plane.vms().count == 2)
            try await scene.agent.report()
            #expect(try await scene.plane.host("atlas").findings.contains { $0.code == "report-refused" } == false)
        }
    }

    @Test func `in what it says of one guest is believed in all else`() async throws {
        try await Scene.with { scene in
            var report = FullReport.report
            report.domains[1].vcpus = .max
            let told = report
            try await scene.plane.report(told, host: "atlas")
            let guest = try await scene.plane.vm("two")
            #expect(guest.state == .running && guest.vcpus == nil)
            let findings = try await scene.plane.host("atlas").findings
            #expect(findings.contains { $0.code == "guest-not-believed" && $0.sentence.contains("vcpus") })
        }
    }

    @Test func `is shown of a host that was never taken in`() async throws {
        try await Scene.with { scene in
            var report = FullReport.report
            report.inventory.host.name = "boreas"
            report.inventory.host.memoryMiB = -1
            _ = try await problem { try await scene.plane.report(report, host: "boreas") }
            let finding = try #require(
                try await scene.plane.status().findings.first { $0.code == "report-refused" })
            #expect(finding.subject == "boreas")
        }
    }

    @Test func `has texts cut, at the end of a character, and keys refused`() async throws {
        try await Scene.with { scene in
            var report = FullReport.report
            report.inventory.functions[0].deviceName = String(repeating: "ü", count: 5000)
            report.inventory.functions[0].details?.capabilities?.serialNumber = .max
            try await scene.plane.report(report, host: "atlas")
            let id = "atlas/\(report.inventory.functions[0].address)"
            let name = try await scene.plane.device(id).name
            #expect(name.hasSuffix("ü…") && name.utf8.count < 300)
            report.domains[0].name = String(repeating: "v", count: 257)
            #expect(try await problem { try await scene.plane.report(report, host: "atlas") }.code == .malformedInput)
            report = FullReport.report
            report.inventory.survey?.platform.units[String(repeating: "u", count: 300)] = "active"
            let refused = try await problem { try await scene.plane.report(report, host: "atlas") }
            #expect(refused.detail.hasPrefix("A name in \"inventory.survey.platform.units\""))
        }
    }
}
