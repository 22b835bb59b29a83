import Foundation
import PatchbayAPI
import PatchbayClient
import PatchbayCore
import PatchbayLab
import PatchbayTesting
import Testing

/// What is asked for the moment that something is over is decided on what that made of the host, however long the host
/// takes to read. `PATCHBAY_ROUNDS` says how often each is done.
@Suite(.timeLimit(.minutes(10))) struct `On a host that is slow to read` {
    private static let rounds = Rounds.count

    private static func withDevices(_ body: @escaping @Sendable (LiveServer) async throws -> Void) async throws {
        try await LiveServer.with(readingTakes: .milliseconds(100)) { live in
            try await live.until { try await live.tcp.vms().map(\.name) == ["one"] }
            _ = try await live.tcp.makePassthrough(
                API.PassthroughRequest(devices: ["41:00.0", "c1:00.0"], pool: "gpus", create: API.PoolDraft()),
                dryRun: false)
            _ = try await live.tcp.attach(API.AttachRequest(pool: "gpus", count: 2), to: "one", dryRun: false)
            try await body(live)
        }
    }

    @Test func `a device is prepared and released, again and again`() async throws {
        try await Self.withDevices { live in
            for _ in 1...Self.rounds {
                try await live.applied(try await live.tcp.prepareDevices(["41:00.0"], dryRun: false))
                #expect(try await live.tcp.device("41:00.0").driver == "vfio-pci")
                try await live.applied(try await live.tcp.releaseDevices(["41:00.0"], dryRun: false))
                let device = try await live.tcp.device("41:00.0")
                #expect(device.driver == "nvidia")
                #expect(device.binding == nil)
            }
        }
    }

    @Test func `a VM with two devices is started and stopped, again and again`() async throws {
        try await Self.withDevices { live in
            for _ in 1...Self.rounds {
                try await live.applied(try await live.tcp.startVM("one", dryRun: false))
                #expect(try await live.tcp.vm("one").state == .running)
                try await live.applied(
                    try await live.tcp.stopVM("one", API.PowerRequest(force: true), dryRun: false))
                #expect(try await live.tcp.vm("one").state == .shutOff)
                #expect(try await live.tcp.device("41:00.0").driver == "nvidia")
            }
        }
    }

    @Test func `a VM with two devices is restarted, and is over when it runs again`() async throws {
        try await Self.withDevices { live in
            try await live.applied(try await live.tcp.startVM("one", dryRun: false))
            for _ in 1...Self.rounds {
                try await live.applied(
                    try await live.tcp.restartVM("one", API.PowerRequest(force: true), dryRun: false))
                let vm = try await live.tcp.vm("one")
                #expect(vm.state == .running)
                #expect(vm.now.map(\.device) == Self.held)
            }
        }
    }

    private static let held = ["atlas/0000:41:00.0", "atlas/0000:c1:00.0", "atlas/0000:c1:00.1"]

    @Test func `a VM starts at once after its pool was made to keep its devices ready`() async throws {
        try await Self.withDevices { live in
            try await live.through(
                try await live.tcp.editPool(
                    "gpus", API.PoolDraft(preparation: .eager), revision: nil, dryRun: false))
            try await live.applied(try await live.tcp.startVM("one", dryRun: false))
            #expect(try await live.tcp.vm("one").now.map(\.device) == Self.held)
        }
    }
}

/// How often what has to hold each time is tried.
enum Rounds {
    static let count = ProcessInfo.processInfo.environment["PATCHBAY_ROUNDS"].flatMap(Int.init) ?? 3
}
