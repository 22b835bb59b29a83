import Foundation
import PatchbayCore
import PatchbayHost
import PatchbayTesting
import Testing

@testable import PatchbayLibvirt

/// libvirt's own test driver: a real connection, with events, without a daemon and without guests.
@Suite(
    .serialized, .timeLimit(.minutes(10)),
    .enabled(if: (try? LibvirtLibrary.shared.get()) != nil, "libvirt.so.0 is missing: apt install libvirt0"))
struct `libvirt's test driver` {
    let hypervisor = LibvirtHypervisor(uri: "test:///default")
    let spec = GuestSpec(
        name: "vm-\(UUID().uuidString.prefix(8))", vcpus: 2, memoryMiB: 512,
        boot: .disk(path: "/images/a.qcow2", format: "qcow2"))

    private func domain(_ name: String) async throws -> Domain? {
        try await hypervisor.domains().first { $0.name == name }
    }

    @Test(arguments: HypervisorContract.all.map(\.name)) func `keeps the contract`(_ name: String) async throws {
        let (_, check) = try #require(HypervisorContract.all.first { $0.name == name })
        try await check(hypervisor)
    }

    @Test func `lists what is there`() async throws {
        let domain = try #require(try await domain("test"))
        #expect(domain.state == .running)
        #expect(domain.uuid.count == 36)
        #expect(domain.memoryMiB == 8192 && domain.vcpus == 2)
        #expect(!domain.isManaged)
    }

    @Test func `defines, starts, stops and undefines`() async throws {
        try await hypervisor.define(spec)
        var found = try #require(try await domain(spec.name))
        #expect(found.state == .shutOff && found.isManaged && found.vcpus == 2 && found.memoryMiB == 512)
        let again = await #expect(throws: Problem.self) { try await hypervisor.define(spec) }
        #expect(again?.code == .alreadyExists)
        try await hypervisor.start(spec.name)
        try await hypervisor.start(spec.name)
        found = try #require(try await domain(spec.name))
        #expect(found.state == .running)
        let running = await #expect(throws: Problem.self) { try await hypervisor.undefine(spec.name) }
        #expect(running?.code == .wrongState)
        try await hypervisor.stop(spec.name, timeoutSeconds: 60, force: false)
        try await hypervisor.stop(spec.name, timeoutSeconds: 60, force: false)
        found = try #require(try await domain(spec.name))
        #expect(found.state == .shutOff)
        try await hypervisor.start(spec.name)
        try await hypervisor.stop(spec.name, timeoutSeconds: 60, force: true)
        try await hypervisor.undefine(spec.name)
        let gone = try await domain(spec.name)
        #expect(gone == nil)
    }

    @Test func `plugs and unplugs`() async throws {
        try await hypervisor.define(spec)
        let devices = try [DeviceKey("0000:41:00.0"), DeviceKey("0000:41:00.1")]
        try await hypervisor.plug(devices, into: spec.name)
        try await hypervisor.plug([devices[0]], into: spec.name)
        var found = try #require(try await domain(spec.name))
        #expect(found.definedDevices == devices && found.liveDevices == [])
        #expect(found.isManaged)
        let uuid = found.uuid
        try await hypervisor.unplug([devices[1], DeviceKey("0000:42:00.0")], from: spec.name)
        found = try #require(try await domain(spec.name))
        #expect(found.definedDevices == [devices[0]] && found.uuid == uuid)
        let xml = try await hypervisor.definition(of: spec.name)
        #expect(xml.contains("ua-pb-0000-41-00-0"))
        try await hypervisor.undefine(spec.name)
    }

    @Test func `counts a guest that has crashed and is kept as one that has its devices`() async throws {
        // on_crash=preserve: its process stays, and so do its devices, until somebody ends it.
        let file = FileManager.default.temporaryDirectory.appending(path: "\(spec.name).xml")
        try """
        <node>
          <domain type='test' xmlns:test='http://libvirt.org/schemas/domain/test/1.0'>
            <name>kept</name><memory>65536</memory><vcpu>1</vcpu><os><type>hvm</type></os>
            <on_crash>preserve</on_crash>
            <test:runstate>6</test:runstate>
          </domain>
        </node>
        """.write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        let kept = try #require(
            try await LibvirtHypervisor(uri: "test://\(file.path)").domains().first { $0.name == "kept" })
        #expect(kept.state == .crashed && kept.state.isOn)
    }

    @Test func `tells of changes`() async throws {
        var changes = hypervisor.changes().makeAsyncIterator()
        _ = await changes.next()
        for step in 0..<4 {
            switch step {
            case 0: try await hypervisor.define(spec)
            case 1: try await hypervisor.start(spec.name)
            case 2: try await hypervisor.stop(spec.name, timeoutSeconds: 60, force: true)
            default: try await hypervisor.undefine(spec.name)
            }
            let change: Void? = await changes.next()
            #expect(change != nil, "step \(step)")
        }
    }

    @Test func `does not know a VM that is not there`() async throws {
        let name = "no-such-vm"
        let calls: [(String, () async throws -> Void)] = [
            ("start", { try await hypervisor.start(name) }),
            ("stop", { try await hypervisor.stop(name, timeoutSeconds: 1, force: false) }),
            ("undefine", { try await hypervisor.undefine(name) }),
            ("plug", { try await hypervisor.plug([], into: name) }),
            ("definition", { _ = try await hypervisor.definition(of: name) }),
            ("log", { _ = try await hypervisor.consoleLog(of: name) }),
            ("console", { _ = try await hypervisor.openConsole(of: name) }),
        ]
        for (what, call) in calls {
            let problem = await #expect(throws: Problem.self, "\(what)") { try await call() }
            #expect(problem?.code == .unknownVM, "\(what)")
            #expect(problem?.detail == "There is no VM \"no-such-vm\" on this host.")
        }
    }

    @Test func `says that a VM without a log has none`() async throws {
        let problem = await #expect(throws: Problem.self) { try await hypervisor.consoleLog(of: "test") }
        #expect(problem?.code == .unreadable)
        #expect(problem?.detail == "The console of test is not logged.")
    }

    @Test func `says what libvirt said when it refuses`() async throws {
        let problem = await #expect(throws: Problem.self) { try await hypervisor.openConsole(of: "test") }
        #expect(problem?.code == .hypervisorRefused)
        #expect(problem?.cause?.contains("virDomainOpenConsole") == true)
    }
}

@Suite struct `A host without libvirt` {
    @Test func `starts, and says what is missing when it is asked for guests`() async throws {
        let hypervisor = LibvirtHypervisor(uri: "qemu:///system", logFolder: "/logs") { () throws(Problem) in
            try LibvirtLibrary("libvirt-that-is-not-there.so.0")
        }
        let problem = await #expect(throws: Problem.self) { try await hypervisor.domains() }
        #expect(problem?.code == .hypervisorUnreachable)
        #expect(problem?.detail == "This host has no libvirt, so Patchbay cannot see or change its VMs.")
        #expect(problem?.cause?.contains("libvirt-that-is-not-there.so.0") == true)
        var changes = hypervisor.changes().makeAsyncIterator()
        let change: Void? = await changes.next()
        #expect(change == nil, "ends at once")
    }

    @Test func `says that another library is not libvirt`() {
        let problem = #expect(throws: Problem.self) { try LibvirtLibrary("libc.so.6") }
        #expect(problem?.code == .hypervisorUnreachable)
        #expect(problem?.cause?.contains("virInitialize") == true)
    }

    @Test(.enabled(if: (try? LibvirtLibrary.shared.get()) != nil, "libvirt.so.0 is missing: apt install libvirt0"))
    func `says that its daemon does not answer`() async throws {
        let hypervisor = LibvirtHypervisor(uri: "qemu:///system?socket=/nonexistent/libvirt-sock")
        let problem = await #expect(throws: Problem.self) { try await hypervisor.domains() }
        #expect(problem?.code == .hypervisorUnreachable)
        #expect(problem?.detail == "libvirt does not answer at qemu:///system?socket=/nonexistent/libvirt-sock.")
        #expect(problem?.cause?.contains("/nonexistent/libvirt-sock") == true)
    }
}
