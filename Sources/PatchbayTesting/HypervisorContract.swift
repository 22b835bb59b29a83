import PatchbayCore
import PatchbayHost
import Testing

/// What every `Hypervisor` has to do with definitions, devices in them, and power.
///
/// Each function uses VMs of its own name and leaves none behind, so one hypervisor can be used for all of them.
/// No VM is started with a device: that needs one that is on vfio-pci.
package enum HypervisorContract {
    package typealias Check = @Sendable (any Hypervisor) async throws -> Void

    /// All of it, by name, for suites that run it as one table.
    package static let all: [(name: String, check: Check)] = [
        ("a VM is there from define to undefine", isThereFromDefineToUndefine),
        ("a name is taken once", nameIsTakenOnce),
        ("unknown names are unknown", unknownNamesAreUnknown),
        ("plugged devices are in the persistent definition only", pluggedDevicesAreDefined),
        ("plugging and unplugging twice is no error", pluggingTwiceIsNoError),
        ("starting and stopping twice is no error", powerTwiceIsNoError),
        ("a reset leaves a VM running", resetLeavesItRunning),
        ("a running VM keeps its definition", runningVMKeepsItsDefinition),
        ("the definition names the VM and its devices", definitionNamesVMAndDevices),
        ("a seat is in the definition until it is taken out", seatIsInTheDefinition),
        ("changes are told", changesAreTold),
    ]

    package static func spec(_ name: String) -> GuestSpec {
        GuestSpec(
            name: name, vcpus: 2, memoryMiB: 256,
            boot: .kernel(path: "/boot/vmlinuz", initrd: nil, commandLine: "console=ttyS0"))
    }

    package static func isThereFromDefineToUndefine(_ hypervisor: any Hypervisor) async throws {
        try await hypervisor.define(spec("contract-defined"))
        let domain = try #require(try await domain("contract-defined", hypervisor))
        #expect(domain.state == .shutOff)
        #expect(domain.isManaged)
        #expect(domain.vcpus == 2)
        #expect(domain.memoryMiB == 256)
        #expect(!domain.uuid.isEmpty)
        #expect(domain.definedDevices.isEmpty && domain.liveDevices.isEmpty)
        try await hypervisor.undefine("contract-defined")
        #expect(try await self.domain("contract-defined", hypervisor) == nil)
    }

    package static func nameIsTakenOnce(_ hypervisor: any Hypervisor) async throws {
        try await hypervisor.define(spec("contract-twice"))
        let code = try await code { try await hypervisor.define(spec("contract-twice")) }
        #expect(code == .alreadyExists)
        try await hypervisor.undefine("contract-twice")
    }

    package static func unknownNamesAreUnknown(_ hypervisor: any Hypervisor) async throws {
        let name = "contract-nobody"
        let device = try address("0000:06:12.5")
        let calls: [@Sendable () async throws -> Void] = [
            { try await hypervisor.undefine(name) },
            { try await hypervisor.plug([device], into: name) },
            { try await hypervisor.unplug([device], from: name) },
            { try await hypervisor.seat(name, on: GuestSeat(pin: .none, cells: []), devices: []) },
            { try await hypervisor.unseat(name) },
            { try await hypervisor.start(name) },
            { try await hypervisor.stop(name, timeoutSeconds: 1, force: true) },
            { _ = try await hypervisor.definition(of: name) },
        ]
        for (index, call) in calls.enumerated() {
            let code = try await code(call)
            #expect(code == .unknownVM, "call \(index)")
        }
    }

    package static func pluggedDevicesAreDefined(_ hypervisor: any Hypervisor) async throws {
        let devices = [try address("0000:06:12.5"), try address("0000:06:12.6")]
        try await with("contract-plug", hypervisor) {
            try await hypervisor.plug(devices, into: "contract-plug")
            let domain = try #require(try await domain("contract-plug", hypervisor))
            #expect(domain.definedDevices.sorted() == devices)
            #expect(domain.liveDevices.isEmpty)
            try await hypervisor.unplug([devices[0]], from: "contract-plug")
            #expect(try await self.domain("contract-plug", hypervisor)?.definedDevices == [devices[1]])
        }
    }

    package static func pluggingTwiceIsNoError(_ hypervisor: any Hypervisor) async throws {
        let device = try address("0000:06:12.5")
        try await with("contract-plug-twice", hypervisor) {
            try await hypervisor.plug([device], into: "contract-plug-twice")
            try await hypervisor.plug([device], into: "contract-plug-twice")
            #expect(try await domain("contract-plug-twice", hypervisor)?.definedDevices == [device])
            try await hypervisor.unplug([device], from: "contract-plug-twice")
            try await hypervisor.unplug([device], from: "contract-plug-twice")
            #expect(try await domain("contract-plug-twice", hypervisor)?.definedDevices == [])
        }
    }

    package static func seatIsInTheDefinition(_ hypervisor: any Hypervisor) async throws {
        let seat = GuestSeat(
            pin: .thread,
            cells: [GuestSeat.Cell(node: NUMANode(0), vcpus: [0, 1], memoryMiB: 256, cpus: [0, 1])],
            dedicatedCPUs: [0, 1])
        try await with("contract-seat", hypervisor) {
            let before = try await hypervisor.definition(of: "contract-seat")
            #expect(try await domain("contract-seat", hypervisor)?.isSeated == false)
            try await hypervisor.seat("contract-seat", on: seat, devices: [])
            let seated = try await hypervisor.definition(of: "contract-seat")
            #expect(try await domain("contract-seat", hypervisor)?.isSeated == true && seated != before)
            try await hypervisor.seat("contract-seat", on: seat, devices: [])
            #expect(try await hypervisor.definition(of: "contract-seat") == seated)
            try await hypervisor.unseat("contract-seat")
            try await hypervisor.unseat("contract-seat")
            #expect(try await domain("contract-seat", hypervisor)?.isSeated == false)
            #expect(try await hypervisor.definition(of: "contract-seat") == before)
        }
    }

    package static func powerTwiceIsNoError(_ hypervisor: any Hypervisor) async throws {
        try await with("contract-power", hypervisor) {
            try await hypervisor.start("contract-power")
            try await hypervisor.start("contract-power")
            #expect(try await domain("contract-power", hypervisor)?.state == .running)
            try await hypervisor.stop("contract-power", timeoutSeconds: 1, force: true)
            try await hypervisor.stop("contract-power", timeoutSeconds: 1, force: true)
            #expect(try await domain("contract-power", hypervisor)?.state == .shutOff)
        }
    }

    package static func resetLeavesItRunning(_ hypervisor: any Hypervisor) async throws {
        try await with("contract-reset", hypervisor) {
            let code = try await code { try await hypervisor.reset("contract-reset") }
            #expect(code == .wrongState)
            try await hypervisor.start("contract-reset")
            try await hypervisor.reset("contract-reset")
            #expect(try await domain("contract-reset", hypervisor)?.state == .running)
            try await hypervisor.stop("contract-reset", timeoutSeconds: 1, force: true)
        }
    }

    package static func runningVMKeepsItsDefinition(_ hypervisor: any Hypervisor) async throws {
        try await with("contract-running", hypervisor) {
            try await hypervisor.start("contract-running")
            let code = try await code { try await hypervisor.undefine("contract-running") }
            #expect(code == .wrongState)
            #expect(try await domain("contract-running", hypervisor)?.state == .running)
            try await hypervisor.stop("contract-running", timeoutSeconds: 1, force: true)
            #expect(try await domain("contract-running", hypervisor) != nil)
        }
    }

    package static func definitionNamesVMAndDevices(_ hypervisor: any Hypervisor) async throws {
        try await with("contract-text", hypervisor) {
            let before = try await hypervisor.definition(of: "contract-text")
            #expect(before.contains("<name>contract-text</name>"))
            #expect(!before.contains("<hostdev"))
            try await hypervisor.plug([try address("0000:06:12.5")], into: "contract-text")
            #expect(try await hypervisor.definition(of: "contract-text").contains("<hostdev"))
            try await hypervisor.unplug([try address("0000:06:12.5")], from: "contract-text")
            #expect(try await hypervisor.definition(of: "contract-text") == before)
        }
    }

    package static func changesAreTold(_ hypervisor: any Hypervisor) async throws {
        var changes = hypervisor.changes().makeAsyncIterator()
        try await hypervisor.define(spec("contract-told"))
        #expect(await changes.next() != nil)
        try await hypervisor.undefine("contract-told")
        #expect(await changes.next() != nil)
    }

    /// Runs `body` with a VM of that name, defined before and undefined after.
    private static func with(
        _ name: String, _ hypervisor: any Hypervisor, _ body: () async throws -> Void
    ) async throws {
        try await hypervisor.define(spec(name))
        try await body()
        try await hypervisor.undefine(name)
    }

    private static func domain(_ name: String, _ hypervisor: any Hypervisor) async throws -> Domain? {
        try await hypervisor.domains().first { $0.name == name }
    }

    private static func address(_ text: String) throws -> DeviceKey { try DeviceKey(text) }

    /// The code of the problem that `body` ends in; nil: it went well.
    private static func code(_ body: () async throws -> Void) async throws -> ProblemCode? {
        do {
            try await body()
            return nil
        } catch let problem as Problem {
            return problem.code
        }
    }
}

extension Hypervisor {
    /// As a plan does where no pool says what guests may reset.
    package func plug(_ devices: [DeviceKey], into name: String) async throws(Problem) {
        try await plug(devices, into: name, guestReset: [:])
    }

    package func attach(_ device: DeviceKey, to name: String) async throws(Problem) {
        try await attach(device, to: name, guestReset: nil)
    }
}
