import Foundation
import PatchbayCore
import PatchbayHost
import PatchbayTesting
import Testing

@testable import PatchbayLibvirt

/// A real daemon, a real QEMU, a guest that runs in it.
@Suite(
    .serialized, .besideTheLab, .timeLimit(.minutes(10)),
    .enabled(if: RealLibvirt.missing == nil, "\(RealLibvirt.missing ?? "")"))
struct `Real libvirt` {
    private func withLibvirt(_ body: (RealLibvirt) async throws -> Void) async throws {
        let libvirt = try RealLibvirt()
        defer { libvirt.remove() }
        try await body(libvirt)
    }

    private func spec(_ libvirt: RealLibvirt, _ name: String = "vm", deaf: Bool = false) throws -> GuestSpec {
        GuestSpec(
            name: name, vcpus: 1, memoryMiB: 64, boot: .disk(path: try libvirt.disk(deaf: deaf), format: "raw"),
            accelerator: .emulation)
    }

    private func state(of name: String, in hypervisor: any Hypervisor) async throws -> Domain.State? {
        try await hypervisor.domains().first { $0.name == name }?.state
    }

    /// Reads until the text has been seen.
    private func read(_ console: any ConsoleChannel, until text: String) async throws -> String {
        var seen = ""
        for await bytes in console.output {
            seen += String(decoding: bytes, as: UTF8.self)
            if seen.contains(text) { return seen }
        }
        Issue.record("the console ended after \(seen.debugDescription), without \(text.debugDescription)")
        return seen
    }

    @Test func `runs a guest from its definition to its end`() async throws {
        try await withLibvirt { libvirt in
            let hypervisor = libvirt.hypervisor
            var changes = hypervisor.changes().makeAsyncIterator()
            _ = await changes.next()
            try await hypervisor.define(spec(libvirt))
            _ = await changes.next()
            let noLog = try await hypervisor.consoleLog(of: "vm")
            #expect(noLog == [])
            let off = await #expect(throws: Problem.self) { try await hypervisor.openConsole(of: "vm") }
            #expect(off?.code == .wrongState)
            try await hypervisor.start("vm")
            let running = try #require(try await hypervisor.domains().first)
            #expect(running.state == .running && running.isManaged && running.memoryMiB == 64)

            let console = try await hypervisor.openConsole(of: "vm")
            let busy = await #expect(throws: Problem.self) { try await hypervisor.openConsole(of: "vm") }
            #expect(busy?.code == .busy)
            try await console.send(Array("<hello>".utf8))
            let seen = try await read(console, until: "<hello>")
            #expect(seen.hasSuffix("<hello>"))
            await console.close()
            let closed = await #expect(throws: Problem.self) { try await console.send([1]) }
            #expect(closed?.code == .wrongState)

            let second = try await hypervisor.openConsole(of: "vm")
            try await hypervisor.stop("vm", timeoutSeconds: 240, force: false)
            for await _ in second.output {}
            let state = try await state(of: "vm", in: hypervisor)
            #expect(state == .shutOff)
            let log = String(decoding: try await hypervisor.consoleLog(of: "vm"), as: UTF8.self)
            #expect(log.contains("PATCHBAY GUEST\r\n"))
            #expect(log.contains("<hello>"))
            try await hypervisor.undefine("vm")
            let left = try await hypervisor.domains()
            #expect(left.isEmpty)
        }
    }

    @Test func `empties the console log at each start`() async throws {
        try await withLibvirt { libvirt in
            let hypervisor = libvirt.hypervisor
            try await hypervisor.define(spec(libvirt))
            for round in 1...2 {
                try await hypervisor.start("vm")
                let console = try await hypervisor.openConsole(of: "vm")
                try await console.send(Array("<round \(round)>".utf8))
                _ = try await read(console, until: "<round \(round)>")
                try await console.send(Array("q".utf8))
                for await _ in console.output {}
                try await hypervisor.stop("vm", timeoutSeconds: 0, force: true)
            }
            let log = String(decoding: try await hypervisor.consoleLog(of: "vm"), as: UTF8.self)
            #expect(log.contains("<round 2>") && !log.contains("<round 1>"))
        }
    }

    @Test func `leaves a guest running that does not listen, and ends it when it is told to`() async throws {
        try await withLibvirt { libvirt in
            let hypervisor = libvirt.hypervisor
            try await hypervisor.define(spec(libvirt, deaf: true))
            try await hypervisor.start("vm")
            let problem = await #expect(throws: Problem.self) {
                try await hypervisor.stop("vm", timeoutSeconds: 1, force: false)
            }
            #expect(problem?.code == .stillRunning)
            let asked = try await state(of: "vm", in: hypervisor)
            #expect(asked == .running)
            try await hypervisor.stop("vm", timeoutSeconds: 0, force: true)
            let ended = try await state(of: "vm", in: hypervisor)
            #expect(ended == .shutOff)
        }
    }

    @Test func `is found again when its daemon was killed, with the guest still running`() async throws {
        try await withLibvirt { libvirt in
            let hypervisor = libvirt.hypervisor
            try await hypervisor.define(spec(libvirt))
            try await hypervisor.start("vm")
            let console = try await hypervisor.openConsole(of: "vm")
            var changes = hypervisor.changes().makeAsyncIterator()
            _ = await changes.next()
            libvirt.kill()
            while await changes.next() != nil {}
            for await _ in console.output {}
            let problem = await #expect(throws: Problem.self) { try await hypervisor.domains() }
            #expect(problem?.code == .hypervisorUnreachable)
            try libvirt.start()
            let state = try await state(of: "vm", in: hypervisor)
            #expect(state == .running)
            changes = hypervisor.changes().makeAsyncIterator()
            _ = await changes.next()
            try await hypervisor.stop("vm", timeoutSeconds: 240, force: false)
            let change: Void? = await changes.next()
            #expect(change != nil)
        }
    }

    @Test func `keeps devices in the definition of a running guest for its next start`() async throws {
        try await withLibvirt { libvirt in
            let hypervisor = libvirt.hypervisor
            try await hypervisor.define(spec(libvirt))
            try await hypervisor.start("vm")
            let devices = try [DeviceKey("0000:fe:1f.0"), DeviceKey("10000:fe:1f.7")]
            try await hypervisor.plug(devices, into: "vm")
            var domain = try #require(try await hypervisor.domains().first)
            #expect(domain.definedDevices == devices && domain.liveDevices == [])
            try await hypervisor.unplug(devices, from: "vm")
            domain = try #require(try await hypervisor.domains().first)
            #expect(domain.definedDevices == [])
            try await hypervisor.stop("vm", timeoutSeconds: 0, force: true)
            try await hypervisor.plug(devices, into: "vm")
            let problem = await #expect(throws: Problem.self) { try await hypervisor.start("vm") }
            #expect(problem?.code == .hypervisorRefused, "there are no such devices")
            #expect(problem?.detail == "vm could not be started.")
        }
    }

    @Test(.requirements("OX5")) func `runs a guest on its seat, on the CPUs that it was given`() async throws {
        try await withLibvirt { libvirt in
            let hypervisor = libvirt.hypervisor
            var spec = try spec(libvirt)
            (spec.vcpus, spec.memoryMiB) = (2, 128)
            try await hypervisor.define(spec)
            // As two cells, so that buses of cells are there too; this machine may have one node only.
            let cells = (0..<2).map {
                GuestSeat.Cell(node: NUMANode(0), vcpus: [$0], memoryMiB: 64, cpus: [$0])
            }
            let seat = GuestSeat(pin: .thread, cells: cells, dedicatedCPUs: [0, 1])
            let devices = try [[PCIAddress("0000:fe:1f.0")], [PCIAddress("0000:fe:1f.1"), PCIAddress("0000:fe:1f.2")]]
            try await hypervisor.plug(devices.flatMap(\.self).map(\.key), into: "vm")
            try await hypervisor.seat("vm", on: seat, devices: devices)
            let definition = try await hypervisor.definition(of: "vm")
            #expect(definition.contains("model='pcie-expander-bus'") && definition.contains("<node>1</node>"))
            try await hypervisor.unplug(devices.flatMap(\.self).map(\.key), from: "vm")
            try await hypervisor.start("vm")
            let running = try #require(try await hypervisor.domains().first)
            #expect(running.state == .running && running.isSeated && running.vcpus == 2 && running.memoryMiB == 128)
            #expect(libvirt.processorLists(ofThreadsOf: "vm").isSuperset(of: ["0", "1"]))
            try await hypervisor.stop("vm", timeoutSeconds: 0, force: true)
            try await hypervisor.unseat("vm")
            let text = try await hypervisor.definition(of: "vm")
            #expect(!text.contains("expander") && !text.contains("vcpupin"))
            try await hypervisor.start("vm")
            let floating = try #require(try await hypervisor.domains().first)
            #expect(floating.state == .running && !floating.isSeated)
            try await hypervisor.stop("vm", timeoutSeconds: 0, force: true)
        }
    }
}
