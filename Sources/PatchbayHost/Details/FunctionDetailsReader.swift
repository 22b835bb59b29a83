import CPatchbayHost
import PatchbayCore

/// Reads the details of one function after the other; each is independent of the others.
struct FunctionDetailsReader: ~Copyable {
    /// How many bytes of `vpd` are looked at. The serial is among the first hundreds.
    private static let vpdLimit = 4096

    private let devices: Int32
    /// False: a recorded tree, in which nothing hangs and ROMs are plain files.
    private let isLive: Bool
    private let buffer = AttributeBuffer()
    /// Functions that did not tell their vital product data in time.
    private(set) var slow: [PCIAddress] = []

    init(devices: Int32, isLive: Bool) {
        self.devices = devices
        self.isLive = isLive
    }

    /// nil: the function is gone.
    mutating func read(_ function: PCIFunction, isLocked: Bool) -> PCIDetails? {
        let directory = pb_open_directory(devices, function.address.description)
        guard directory >= 0 else { return nil }
        defer { pb_close(directory) }
        var details = PCIDetails()
        let isAsleep = FunctionSleep.isDeep(directory, buffer)
        if !isAsleep { readConfig(directory, into: &details) }
        if function.silence != nil { details.isSilent = true }
        details.powerState = line(directory, SysfsPath.Function.powerState)
        if !isAsleep { details.link = link(directory) }
        details.slot = slot(directory)
        details.errors = errors(directory)
        let vpd =
            isLocked || isAsleep || details.isSilent ? nil : vpd(directory, function.address, details.capabilities)
        details.serials = serials(directory, function, details.capabilities, vpd)
        details.rom = rom(directory, function)
        return details
    }

    private func readConfig(_ directory: Int32, into details: inout PCIDetails) {
        guard let bytes = bytes(directory, SysfsPath.Function.config) else { return }
        let space = ConfigSpace(bytes)
        details.isSilent = space.isSilent
        details.capabilities = space.capabilities
    }

    private func link(_ directory: Int32) -> PCILink? {
        let link = PCILink(
            speed: line(directory, SysfsPath.Function.currentLinkSpeed).flatMap { PCILink.speed($0) },
            width: line(directory, SysfsPath.Function.currentLinkWidth).flatMap { PCILink.width($0) },
            maxSpeed: line(directory, SysfsPath.Function.maxLinkSpeed).flatMap { PCILink.speed($0) },
            maxWidth: line(directory, SysfsPath.Function.maxLinkWidth).flatMap { PCILink.width($0) })
        return link == PCILink() ? nil : link
    }

    /// Without the name on the board, which is known to the slots and not to the function.
    private func slot(_ directory: Int32) -> PhysicalSlot? {
        let slot = PhysicalSlot(
            label: line(directory, SysfsPath.Function.label),
            index: buffer.decimal(directory, SysfsPath.Function.acpiIndex)
                ?? buffer.decimal(directory, SysfsPath.Function.index))
        return slot == PhysicalSlot() ? nil : slot
    }

    private func errors(_ directory: Int32) -> ErrorCounts? {
        guard let correctable = total(directory, SysfsPath.Function.correctableErrors),
            let nonfatal = total(directory, SysfsPath.Function.nonfatalErrors),
            let fatal = total(directory, SysfsPath.Function.fatalErrors)
        else { return nil }
        return ErrorCounts(correctable: correctable, nonfatal: nonfatal, fatal: fatal)
    }

    private func total(_ directory: Int32, _ name: String) -> Int? {
        buffer.read(directory, name) { ErrorCounts.total(KernelText.string($0, 0..<$0.count)) }
    }

    /// Only where the function announces it, or where nobody can tell whether it does.
    private mutating func vpd(
        _ directory: Int32, _ address: PCIAddress, _ capabilities: PCICapabilities?
    ) -> VPD? {
        guard capabilities?.standard.contains(0x03) ?? true else { return nil }
        guard isLive else { return bytes(directory, SysfsPath.Function.vpd).map { VPD($0) } }
        let read = DeadlineRead(
            directory: directory, path: SysfsPath.Function.vpd, limit: Self.vpdLimit, deadlineMilliseconds: 1000)
        switch read.perform() {
        case .bytes(let bytes): return VPD(bytes)
        case .refused: return nil
        case .underWay:
            slow.append(address)
            return nil
        }
    }

    /// A live ROM has to be switched on by a write first, and reading changes nothing on a host: only recorded ROMs.
    private func rom(_ directory: Int32, _ function: PCIFunction) -> OptionROM? {
        guard !isLive else { return nil }
        var content: UnsafeMutablePointer<CChar>?
        let count = pb_read_file(directory, SysfsPath.Function.rom, 16 << 20, &content)
        defer { pb_free(content) }
        guard count > 0, let content else { return nil }
        return UnsafeRawBufferPointer(start: content, count: count).withMemoryRebound(to: UInt8.self) {
            OptionROM(image: $0.span, isShadow: function.isBootDisplay == true)
        }
    }
}

extension FunctionDetailsReader {
    private func serials(
        _ directory: Int32, _ function: PCIFunction, _ capabilities: PCICapabilities?, _ vpd: VPD?
    ) -> [DeviceSerial] {
        var serials: [DeviceSerial] = []
        if let number = capabilities?.serialNumber { serials.append(DeviceSerial(dsn: number)) }
        if let serial = vpd?.serial { serials.append(DeviceSerial(.vpd, serial)) }
        if function.deviceClass.baseAndSub == 0x0108 {
            serials += children(directory, SysfsPath.Function.nvme).compactMap { controller in
                line(directory, "\(controller)/serial").map { DeviceSerial(.nvme, $0) }
            }
        }
        if function.deviceClass.isNetwork {
            serials += children(directory, SysfsPath.Function.net).compactMap { permanentAddress(directory, $0) }
                .map { DeviceSerial(.mac, $0) }
        }
        return serials
    }

    /// `address` is what the interface uses now: its own only when nobody assigned another (`addr_assign_type` 0).
    /// A bond gives its members one address and keeps what they had.
    private func permanentAddress(_ directory: Int32, _ interface: String) -> String? {
        if let own = line(directory, "\(interface)/\(SysfsPath.Interface.permanentAddress)") { return own }
        guard buffer.decimal(directory, "\(interface)/\(SysfsPath.Interface.addressType)") == 0 else { return nil }
        return line(directory, "\(interface)/\(SysfsPath.Interface.address)")
    }

    /// `net/eth0` for every name below `net`, sorted.
    private func children(_ directory: Int32, _ folder: String) -> [String] {
        guard let listing = DirectoryListing(at: directory, folder) else { return [] }
        var names: [String] = []
        listing.forEach { names.append("\(folder)/\(String(cString: $0))") }
        return names.sorted()
    }

    private func bytes(_ directory: Int32, _ name: String) -> [UInt8]? {
        buffer.read(directory, name) { bytes in bytes.withUnsafeBufferPointer { Array($0) } }
    }

    /// The first line without blanks around it; nil: absent or empty.
    private func line(_ directory: Int32, _ name: String) -> String? {
        buffer.read(directory, name) { bytes in
            let line = KernelText.string(bytes, KernelText.firstLine(bytes)).trimmingBlanks
            return line.isEmpty ? nil : String(line)
        }
    }
}
