import Foundation
import PatchbayAPI
import PatchbayCore
import PatchbayLab
import PatchbayTesting
import Testing

/// USB sticks on a real kernel and a real libvirt, looked at from inside a Linux guest.
extension `The emulated lab` {
    @Test(.requirements("V37", "V41", "VX9"), .timeLimit(.minutes(60)))
    func
        `a USB stick is read in a guest, pulled, plugged in elsewhere and read again, and twins are told by their ports`()
        async throws
    {
        let session = try session
        let (host, service, vm) = (session.host, session.service, try usbGuest.name)
        let result = await Task { () async throws in
            let first = try await plugStick("wander", serial: "WANDERER", port: 5)
            let pool = API.PassthroughRequest(
                devices: [first], pool: "sticks", create: API.PoolDraft(name: "sticks", kind: .usb, guestReset: .off))
            _ = try await service.makePassthrough(pool, dryRun: false)
            try await session.applied(service.createVM(usbGuest, dryRun: false))
            try await session.applied(service.attach(API.AttachRequest(pool: "sticks"), to: vm, dryRun: false))
            let booting = ContinuousClock.now
            try await session.applied(service.startVM(vm, dryRun: false))
            try await guestSees("the stick", within: .seconds(1500)) { $0.reads("WANDER") }
            print("lab: a guest with USB told what it has after \(ContinuousClock.now - booting)")
            #expect(try await disk(ofStick: first) == nil, "the host has let go of it")
            let definition = try await host.shell("virsh dumpxml \(vm)")
            #expect(definition.contains("guestReset='off'"), "\(definition)")

            try await unplugStick("wander")
            try await guestSees("that it is gone") { !$0.reads("WANDER") }
            let plansBefore = Set(try await service.plans(host: host.name).map(\.id))
            let plugged = ContinuousClock.now
            let second = try await plugStick("wander", serial: "WANDERER", port: 7)
            #expect(second != first)
            var plan: API.Plan?
            try await Observation.until(.seconds(300), "it is put into the guest again") { () async throws(Problem) in
                plan = try await service.plans(host: host.name).first { !plansBefore.contains($0.id) }
                return plan?.steps.contains { $0.verb == "attach" && $0.status != "waiting" } ?? false
            }
            print("lab: a stick that was plugged in again was given to libvirt after \(ContinuousClock.now - plugged)")
            try await guestSees("the stick again") { $0.reads("WANDER") }

            let left = try await plugStick("left", serial: "SAMESAME", port: 6)
            let right = try await plugStick("right", serial: "SAMESAME", port: 8)
            let twins = API.PassthroughRequest(
                devices: [left, right], pool: "twins", create: API.PoolDraft(name: "twins", kind: .usb))
            _ = try await service.makePassthrough(twins, dryRun: false)
            let wish = API.AttachRequest(device: right)
            try await session.applied(service.attach(wish, to: vm, dryRun: false))
            try await guestSees("the right twin") { $0.reads("RIGHT") && $0.reads("WANDER") && !$0.reads("LEFT") }
            let device = API.DetachRequest(device: right)
            try await session.applied(service.detach(device, from: vm, dryRun: false))
            try await guestSees("that the twin left") { !$0.reads("RIGHT") && $0.reads("WANDER") }
            try await isBackOnTheHost(right, begins: "RIGHT")

            let node = try #require(try await disk(ofStick: left))
            try await host.shell("mkfs.ext4 -q -F \(node) && mkdir -p /mnt/left && mount \(node) /mnt/left")
            _ = try await service.refreshHost(host.name)
            let refused = await #expect(throws: Problem.self) {
                _ = try await service.attach(API.AttachRequest(device: left), to: vm, dryRun: false)
            }
            let told = refused.map { ([$0.detail] + $0.evidence).joined(separator: "\n") } ?? ""
            #expect(told.contains("/mnt/left") && told.contains("usb-"), "\(told)")

            try await session.applied(
                service.stopVM(vm, API.PowerRequest(timeoutSeconds: 120), dryRun: false))
            try await isBackOnTheHost(second, begins: "WANDER")
        }.result
        for id in ["wander", "left", "right"] { try? await unplugStick(id) }
        try result.get()
        _ = try await host.shell("umount /mnt/left; true")
        try await session.applied(service.deleteVM(vm, dryRun: false))
        for pool in ["sticks", "twins"] { try await session.applied(service.deletePool(pool, dryRun: false)) }
    }

    private var usbGuest: API.VMDraft {
        get throws {
            API.VMDraft(
                name: "usb-guest", host: try session.host.name, vcpus: 1, memoryMiB: 320, kernel: LabGuest.usbKernel,
                initrd: LabGuest.usbInitramfs, commandLine: LabGuest.linuxCommandLine + " lab.after=watch")
        }
    }

    // MARK: Sticks

    /// - Parameter port: of the controller; 7 and 8 are on its bus of USB 2 only.
    /// - Returns: `lab1/usb-2-5`, once the server shows it.
    private func plugStick(_ id: String, serial: String, port: Int) async throws -> String {
        let (host, service) = (try session.host, try session.service)
        let image = "\(host.files.directory)/\(id).img"
        if !FileManager.default.fileExists(atPath: image) {
            let content = Data("\(id.uppercased())-STICK".utf8) + Data(count: 8 << 20)
            try content.write(to: URL(filePath: image))
            try await host.control("blockdev-add", ["driver": "file", "node-name": id, "filename": image])
        }
        let before = Set(try await service.survey(host: host.name).usb.map(\.id))
        try await host.control(
            "device_add",
            ["driver": "usb-storage", "id": id, "bus": "usb.0", "port": "\(port)", "drive": id, "serial": serial])
        var found: String?
        try await Observation.until(.seconds(300), "the server shows the stick \(id)", every: .milliseconds(100)) {
            () async throws(Problem) in
            found = try await service.survey(host: host.name).usb.first {
                $0.serial == serial && !before.contains($0.id)
            }?.id
            return found != nil
        }
        return try #require(found)
    }

    private func unplugStick(_ id: String) async throws {
        try await session.host.control("device_del", ["id": id])
    }

    /// `/dev/sdb`: the node that the host has of it; nil: none.
    private func disk(ofStick device: String) async throws -> String? {
        let port = device.drop { $0 != "-" }.dropFirst()
        let answer = try await session.host.shell(
            "ls /sys/bus/usb/devices/\(port)/*/host*/target*/*/block 2>/dev/null; true")
        let name = answer.trimmingCharacters(in: .whitespacesAndNewlines)
        return name.isEmpty ? nil : "/dev/\(name)"
    }

    private func isBackOnTheHost(_ device: String, begins: String) async throws {
        var node: String?
        try await Observation.until(.seconds(300), "\(device) is a disk of the host again") {
            () async throws(Problem) in
            do { node = try await disk(ofStick: device) } catch { node = nil }
            return node != nil
        }
        let content = try await session.host.shell("head -c 16 \(try #require(node))")
        #expect(content.hasPrefix(begins))
    }

    // MARK: What the guest says

    private func guestSees(
        _ what: String, within limit: Duration = .seconds(600), _ isSeen: @escaping (GuestListing) -> Bool
    ) async throws {
        let (vm, service) = (try usbGuest.name, try session.service)
        // Each look costs the agent much of the one processor that it shares with the guest.
        try await Observation.until(limit, "the guest sees \(what)", every: .seconds(5)) { () async throws(Problem) in
            let console = String(decoding: try await service.consoleLog(vm), as: UTF8.self)
            return LabGuest.listing(in: console).map { isSeen(GuestListing(lines: $0)) } ?? false
        }
    }

    private struct GuestListing {
        var lines: [String]

        /// A disk of that beginning.
        func reads(_ begins: String) -> Bool { lines.contains { $0.contains("begins=\(begins)") } }
    }
}
