import Foundation
import PatchbayAPI
import PatchbayCore
import PatchbayHost
import PatchbayLab
import PatchbayTesting
import Testing

extension `The emulated lab` {
    /// From the kernel's event to the server's inventory.
    private static let news = Duration.seconds(2)

    @Test(.requirements("O25"))
    func `a disk that is plugged in, pulled and plugged in elsewhere shows within two seconds, and is the same disk`()
        async throws
    {
        let session = try session
        let host = session.host
        try await host.control("blockdev-add", ["driver": "null-co", "node-name": "wanderer"])
        let first = try await plug(into: "empty0")
        let before = try await host.recorded("before")
        try await unplug(first)
        let second = try await plug(into: "empty1")
        let after = try await host.recorded("after")
        let known = before.identity(of: try #require(before[first]))
        #expect(known.serials.contains(DeviceSerial(.nvme, "WANDERER")))
        let recognizer = DeviceRecognizer(after, before: before)
        #expect(recognizer.recognise(.pci(known), at: first.key) == .moved(second.key))
        let spare = try session.address("sparenvme")
        let still = before.identity(of: try #require(before[spare]))
        #expect(recognizer.recognise(.pci(still), at: spare.key) == .same(spare.key))
        try await unplug(second)
    }

    /// Plugs the wandering disk in; its address, once the server shows it and its driver has it.
    private func plug(into port: String) async throws -> PCIAddress {
        let session = try session
        let host = session.host
        try await host.control(
            "device_add", ["driver": "nvme", "id": "wanderer", "bus": port, "drive": "wanderer", "serial": "WANDERER"])
        let address = try await host.arrival(behind: session.address(port))
        try await expectNews("\(address) appeared") { () async throws(Problem) in
            try await devices().contains(address.description)
        }
        try await host.shell("until cat /sys/bus/pci/devices/\(address)/nvme/nvme*/serial; do sleep 0.1; done")
        return address
    }

    private func unplug(_ address: PCIAddress) async throws {
        let host = try session.host
        try await host.control("device_del", ["id": "wanderer"])
        try await host.departure(of: address)
        try await expectNews("\(address) vanished") { () async throws(Problem) in
            try await !devices().contains(address.description)
        }
    }

    private func devices() async throws(Problem) -> [String] {
        guard let session = LabSession.current else { return [] }
        return try await session.service.devices(API.DeviceQuery(host: session.host.name)).map(\.address)
    }

    private func expectNews(_ what: String, _ look: () async throws(Problem) -> Bool) async throws {
        let start = ContinuousClock.now
        try await Observation.until(.seconds(30), what, every: .milliseconds(20), look)
        let elapsed = ContinuousClock.now - start
        print("lab: the server knew that \(what) after \(elapsed.formatted(.units(allowed: [.milliseconds])))")
        #expect(elapsed < Self.news)
    }
}
