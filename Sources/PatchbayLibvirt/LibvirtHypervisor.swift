import Foundation
import PatchbayCore
import PatchbayHost

/// The guests of this host, through libvirt. Connects when it is first asked something, and again when libvirt restarts.
package struct LibvirtHypervisor: Hypervisor {
    let link: LibvirtLink
    private let logFolder: String
    let usb: USBNumbers
    let clock: any Clock<Duration>
    /// Threads for questions, for changes of definitions (one, so that each reads what the last has written) and for
    /// starting and ending guests, which can take minutes.
    let questions = LibvirtWorker("libvirt questions", threads: 2)
    private let edits = LibvirtWorker("libvirt edits")
    let power = LibvirtWorker("libvirt power", threads: 4)

    /// - Parameters:
    ///   - uri: `qemu:///system`, or another libvirt connection URI.
    ///   - logFolder: where the serial consoles of managed VMs are logged; libvirt has to be allowed to write there.
    ///   - usb: what is plugged into the machine that the guests run on.
    ///   - clock: measures how long a guest may take to power off.
    package init(
        uri: String = "qemu:///system", logFolder: String = "/var/log/libvirt/qemu",
        usb: USBNumbers = USBNumbers(root: "/"), clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.init(uri: uri, logFolder: logFolder, usb: usb, clock: clock) { () throws(Problem) in
            try LibvirtLibrary.shared.get()
        }
    }

    init(
        uri: String, logFolder: String, usb: USBNumbers = USBNumbers(root: "/"),
        clock: any Clock<Duration> = ContinuousClock(),
        library: @escaping @Sendable () throws(Problem) -> LibvirtLibrary
    ) {
        self.clock = clock
        self.usb = usb
        link = LibvirtLink(uri: uri, library: library)
        self.logFolder = logFolder
    }

    package func domains() async throws(Problem) -> [Domain] {
        let usb = usb
        return try await ask("The VMs of this host could not be listed.") { connection in
            try connection.domains().compactMap { try Self.describe($0, usb) }.sorted { $0.name < $1.name }
        }
    }

    package func define(_ spec: GuestSpec) async throws(Problem) {
        let logFolder = logFolder
        try await change("\(spec.name) could not be defined.", on: edits) { connection in
            if (try? connection.domain(named: spec.name)) != nil { throw Self.exists(spec.name) }
            let platform = try GuestPlatform(
                capabilities: connection.capabilities(), accelerator: spec.accelerator)
            try connection.define(GuestXML(spec, on: platform, logFolder: logFolder).text)
        }
    }

    package func undefine(_ name: String) async throws(Problem) {
        try await change("\(name) could not be undefined.", on: edits) { connection in
            let domain = try Self.find(name, connection)
            guard try !domain.isActive() else {
                throw Problem(
                    .wrongState, "\(name) is running, so its definition cannot be removed.",
                    next: [NextStep("Stop it first", .stopVM(name))])
            }
            let definition = try DomainDefinition(domain.xml(.persistent))
            try domain.undefine(hasFirmwareVariables: definition.hasFirmwareVariables)
        }
    }

    package func plug(
        _ devices: [DeviceKey], into name: String, guestReset: [DeviceKey: GuestReset]
    ) async throws(Problem) {
        try await edit(name) { definition throws(Problem) in try definition.plug(devices, guestReset) }
    }

    package func unplug(_ devices: [DeviceKey], from name: String) async throws(Problem) {
        try await edit(name) { definition throws(Problem) in try definition.unplug(devices) }
    }

    package func attach(_ device: DeviceKey, to name: String, guestReset: GuestReset?) async throws(Problem) {
        let usb = usb
        try await change("\(device.short) could not be attached to \(name).", on: edits) { connection in
            let domain = try Self.find(name, connection)
            guard try domain.isActive() else {
                throw Problem(.wrongState, "VM \(name) is off.", next: [NextStep("Start it", .startVM(name))])
            }
            let live = try DomainDefinition(domain.xml(.live), usb: usb)
            guard !live.present.contains(device) else { return }
            try domain.attach(HostDevice.text(for: device, usb: usb, guestReset: guestReset))
        }
    }

    package func detach(_ device: DeviceKey, from name: String) async throws(Problem) {
        let usb = usb
        try await change("\(device.short) could not be detached from \(name).", on: edits) { connection in
            let domain = try Self.find(name, connection)
            guard try domain.isActive() else { return }
            let live = try DomainDefinition(domain.xml(.live), usb: usb)
            for assignment in live.assignments where assignment.key == device {
                // Every device of a running guest has an alias, given or made.
                if let alias = assignment.element.first("alias")?["name"] { try domain.detach(alias: alias) }
            }
        }
        await waitUntil(name, leaves: device)
    }

    /// Half a minute.
    private static let looksAtLeaving = 150

    /// libvirt answers when the guest was asked to let go of it (`virDomainDetachDeviceAlias`).
    private func waitUntil(_ name: String, leaves device: DeviceKey) async {
        for _ in 0..<Self.looksAtLeaving {
            guard let domain = try? await domains().first(where: { $0.name == name }), domain.holds(device),
                (try? await clock.sleep(for: .milliseconds(200))) != nil
            else { return }
        }
    }

    package func seat(_ name: String, on seat: GuestSeat, devices: [[PCIAddress]]) async throws(Problem) {
        try await edit(name) { definition throws(Problem) in try definition.seat(seat, devices: devices) }
    }

    package func unseat(_ name: String) async throws(Problem) {
        try await edit(name) { definition throws(Problem) in try definition.unseat() }
    }

    package func definition(of name: String) async throws(Problem) -> String {
        try await ask("The definition of \(name) could not be read.") { connection in
            let domain = try Self.find(name, connection)
            return try domain.xml(domain.isPersistent() ? .persistent : .live)
        }
    }

    package func consoleLog(of name: String) async throws(Problem) -> [UInt8] {
        try await ask("The console log of \(name) could not be read.") { connection in
            let domain = try Self.find(name, connection)
            let definition = try DomainDefinition(domain.xml(.live))
            guard let path = definition.consoleLogPath else {
                throw Problem(
                    .unreadable, "The console of \(name) is not logged.",
                    next: ["Add <log file='\(logFolder)/\(name)-serial.log'/> to its <serial>: virsh edit \(name)"])
            }
            // Before the first start there is no file, and nothing was printed.
            guard FileManager.default.fileExists(atPath: path) else { return [] }
            return Array(try Data(contentsOf: URL(filePath: path)))
        }
    }

    /// Changes the persistent definition, unless it is already as it should be.
    private func edit(
        _ name: String, _ body: @escaping @Sendable (inout DomainDefinition) throws(Problem) -> Void
    ) async throws(Problem) {
        let usb = usb
        try await change("The definition of \(name) could not be changed.", on: edits) { connection in
            let domain = try Self.find(name, connection)
            guard try domain.isPersistent() else {
                throw Problem(
                    .wrongState,
                    "\(name) is transient (it has no persistent definition), so nothing can be changed for its next "
                        + "start.",
                    next: ["Make its definition persistent:  virsh dumpxml \(name) > FILE, then virsh define FILE"])
            }
            let before = try DomainDefinition(domain.xml(.persistent, secrets: true), usb: usb)
            var after = before
            try body(&after)
            if after.xml != before.xml { try connection.define(after.xml) }
        }
    }
}

extension LibvirtHypervisor {
    /// A call that changes nothing: made once more when the connection broke under it.
    func ask<Value: Sendable>(
        _ failure: String, _ body: @escaping LibvirtLink.Call<Value>
    ) async throws(Problem) -> Value {
        do {
            return try await perform(failure, on: questions, body)
        } catch  where error.code == .hypervisorUnreachable {
            return try await perform(failure, on: questions, body)
        }
    }

    func change<Value: Sendable>(
        _ failure: String, on worker: LibvirtWorker, _ body: @escaping LibvirtLink.Call<Value>
    ) async throws(Problem) -> Value {
        try await perform(failure, on: worker, body)
    }

    private func perform<Value: Sendable>(
        _ failure: String, on worker: LibvirtWorker, _ body: @escaping LibvirtLink.Call<Value>
    ) async throws(Problem) -> Value {
        let connection = try await link.connected()
        return try await worker.run { () throws(Problem) in
            do {
                return try body(connection)
            } catch let problem as Problem {
                throw problem
            } catch let error as LibvirtError {
                throw Self.problem(error, failure, connection)
            } catch {
                throw Problem(.unreadable, failure, cause: "\(error)")
            }
        }
    }
}
