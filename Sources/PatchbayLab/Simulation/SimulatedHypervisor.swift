import PatchbayCore
import PatchbayHost

/// Guests in memory, with the rules of real ones: a guest starts only when its devices are on VFIO, their groups are
/// viable and nobody else holds them; while it runs it holds them, and unbinding one blocks.
package actor SimulatedHypervisor: Hypervisor {
    struct Guest {
        var spec: GuestSpec
        var domain: Domain
        var seat: GuestSeat?
        var log: [UInt8] = []
        var console: SimulatedConsole?
    }

    private let kernel: SimulatedKernel?
    /// What a guest prints when it starts, by name.
    private let scripts: [String: [UInt8]]
    var guests: [String: Guest] = [:]
    var outage: Problem?
    var refusals: [Int: Problem] = [:]
    /// Guests that do not power off when they are asked to.
    var deaf: Set<String> = []
    let broadcast = ChangeBroadcast<Void>()
    /// Calls that change something so far, the failed ones too.
    package internal(set) var callCount = 0

    /// - Parameter kernel: nil: a host without devices; every plugged device keeps a guest from starting.
    package init(kernel: SimulatedKernel? = nil, consoleScripts scripts: [String: [UInt8]] = [:]) {
        self.kernel = kernel
        self.scripts = scripts
    }

    package func domains() async throws(Problem) -> [Domain] {
        if let outage { throw outage }
        return guests.values.map(\.domain).sorted { $0.name < $1.name }
    }

    package func define(_ spec: GuestSpec) async throws(Problem) {
        try begin()
        guard guests[spec.name] == nil else {
            throw Problem(.alreadyExists, "There is a VM \(spec.name) already.", next: ["Choose another name."])
        }
        let domain = Domain(
            name: spec.name, uuid: Self.uuid(spec.name), state: .shutOff, vcpus: spec.vcpus, memoryMiB: spec.memoryMiB,
            isManaged: true)
        guests[spec.name] = Guest(spec: spec, domain: domain)
        broadcast.send()
    }

    package func undefine(_ name: String) async throws(Problem) {
        try begin()
        guard try guest(name).domain.state == .shutOff else { throw Self.wrongState(name, "is running") }
        guests[name] = nil
        broadcast.send()
    }

    package func plug(
        _ devices: [DeviceKey], into name: String, guestReset: [DeviceKey: GuestReset]
    ) async throws(Problem) {
        try begin()
        var guest = try guest(name)
        guest.domain.definedDevices += devices.filter { !guest.domain.definedDevices.contains($0) }
        guest.domain.definedDevices.sort()
        guests[name] = guest
        broadcast.send()
    }

    package func unplug(_ devices: [DeviceKey], from name: String) async throws(Problem) {
        try begin()
        var guest = try guest(name)
        guest.domain.definedDevices.removeAll(where: devices.contains)
        guests[name] = guest
        broadcast.send()
    }

    package func attach(_ device: DeviceKey, to name: String, guestReset: GuestReset?) async throws(Problem) {
        try begin()
        guard try guest(name).domain.isUp else { throw Self.wrongState(name, "is off") }
        guard try !guest(name).domain.liveDevices.contains(device) else { return }
        do throws(Problem) { try await open(device, for: name) } catch {
            throw Problem(
                .hypervisorRefused, "\(device.short) could not be plugged into VM \(name).",
                evidence: [error.detail] + error.evidence, cause: error.cause)
        }
        guests[name]?.domain.liveDevices.append(device)
        broadcast.send()
    }

    package func detach(_ device: DeviceKey, from name: String) async throws(Problem) {
        try begin()
        guard try guest(name).domain.holds(device) else { return }
        guests[name]?.domain.liveDevices.removeAll { $0 == device }
        guests[name]?.domain.pulledDevices.removeAll { $0 == device }
        await kernel?.close(device, by: name)
        broadcast.send()
    }

    /// A device was pulled from the host: no event tells of it, and the guest's definition names it still.
    package func pulled(_ device: DeviceKey) {
        for name in guests.keys where guests[name]?.domain.liveDevices.contains(device) == true {
            guests[name]?.domain.liveDevices.removeAll { $0 == device }
            guests[name]?.domain.pulledDevices.append(device)
        }
    }

    package func seat(_ name: String, on seat: GuestSeat, devices: [[PCIAddress]]) async throws(Problem) {
        try begin()
        var guest = try guest(name)
        guard guest.domain.isManaged else { throw Self.wrongState(name, "is not Patchbay's") }
        guest.domain.isSeated = true
        guest.seat = seat
        guests[name] = guest
        broadcast.send()
    }

    package func unseat(_ name: String) async throws(Problem) {
        try begin()
        var guest = try guest(name)
        guest.domain.isSeated = false
        guest.seat = nil
        guests[name] = guest
        broadcast.send()
    }

    package func start(_ name: String) async throws(Problem) {
        try begin()
        let devices = try guest(name).domain.definedDevices
        guard try guest(name).domain.state == .shutOff else { return }
        do throws(Problem) {
            for device in devices { try await open(device, for: name) }
        } catch {
            await kernel?.close(by: name)
            throw Problem(
                .hypervisorRefused, "VM \(name) could not be started.", evidence: [error.detail] + error.evidence,
                next: [NextStep("See what its devices are doing", .showVM(name))], cause: error.cause)
        }
        guests[name]?.domain.state = .running
        guests[name]?.domain.liveDevices = devices
        guests[name]?.log = []
        print(scripts[name] ?? [], from: name)
        broadcast.send()
    }

    /// The guest begins anew with what it holds.
    package func reset(_ name: String) async throws(Problem) {
        try begin()
        guard try guest(name).domain.isUp else {
            throw Problem(.wrongState, "VM \(name) is off.", next: [NextStep("Start it", .startVM(name))])
        }
    }

    package func stop(_ name: String, timeoutSeconds: Int, force: Bool) async throws(Problem) {
        try begin()
        guard try guest(name).domain.state != .shutOff else { return }
        if !force, deaf.contains(name) { throw .stillRunning(name, afterSeconds: timeoutSeconds) }
        await powerOff(name)
    }

    /// The guest does not do what it is asked from now on, as one that asks whether to save.
    package func ignorePowerButton(_ name: String) { deaf.insert(name) }

    package func definition(of name: String) async throws(Problem) -> String {
        if let outage { throw outage }
        let domain = try guest(name).domain
        let devices = domain.definedDevices.map { "  <hostdev address='\($0)'/>\n" }.joined()
        let seat = try guest(name).seat.map { "  <seat>\($0.words)</seat>\n" } ?? ""
        return "<domain>\n  <name>\(name)</name>\n  <uuid>\(domain.uuid)</uuid>\n\(seat)\(devices)</domain>\n"
    }

    package nonisolated func changes() -> AsyncStream<Void> { broadcast.stream() }

    /// The guest powers off, by itself or because it was told to.
    package func powerOff(_ name: String) async {
        guests[name]?.domain.state = .shutOff
        guests[name]?.domain.liveDevices = []
        guests[name]?.domain.pulledDevices = []
        guests[name]?.console?.end()
        guests[name]?.console = nil
        await kernel?.close(by: name)
        broadcast.send()
    }

    private func open(_ device: DeviceKey, for name: String) async throws(Problem) {
        guard let kernel else { throw Problem(.unknownDevice, "This host has no device \(device.short).") }
        switch device {
        case .pci(let address): try await kernel.open(address, by: name)
        case .usb(let address): try await kernel.open(address, by: name)
        }
    }

    private func begin() throws(Problem) {
        callCount += 1
        if let outage { throw outage }
        if let refusal = refusals.removeValue(forKey: callCount) { throw refusal }
    }

    func guest(_ name: String) throws(Problem) -> Guest {
        guard let guest = guests[name] else {
            throw Problem(.unknownVM, "There is no VM \(name).", next: [NextStep("See which there are", .listVMs)])
        }
        return guest
    }

    static func wrongState(_ name: String, _ what: String) -> Problem {
        Problem(.wrongState, "VM \(name) \(what).", next: [NextStep("Look at it", .showVM(name))])
    }

    /// The same name gives the same one: its hash, twice.
    private static func uuid(_ name: String) -> String {
        let sum = FNV1a(name).value
        let digits = Array(sum.hex(16) + (~sum).hex(16))
        let parts = [digits[0..<8], digits[8..<12], digits[12..<16], digits[16..<20], digits[20..<32]]
        return parts.map { String($0) }.joined(separator: "-")
    }
}
