import CPatchbayHost
import PatchbayCore

/// Reads one function's directory after the other. About two dozen system calls each and nothing that waits for a
/// driver, but for `driver_override` and `sriov_numvfs` (see `locked`).
struct PCIFunctionReader: ~Copyable {
    private let devices: Int32
    let buffer = AttributeBuffer()
    private let numa: NUMALayout
    /// Functions of which a write is still under way in the kernel. It holds their device lock, and reading
    /// `driver_override` or `sriov_numvfs` takes the same lock (`drivers/pci/pci-sysfs.c`, `iov.c`): those are left out.
    private let locked: Set<PCIAddress>
    /// Lists of reset methods by their text: a host has few different ones.
    private var resetMethods: [String: [String]] = [:]

    init(devices: Int32, numa: NUMALayout, locked: Set<PCIAddress>) {
        self.devices = devices
        self.numa = numa
        self.locked = locked
    }

    /// nil: the directory does not say which device this is: gone meanwhile, or no function at all.
    mutating func read(_ name: UnsafePointer<CChar>, as address: PCIAddress) -> PCIFunction? {
        let directory = pb_open_directory(devices, name)
        guard directory >= 0 else { return nil }
        defer { pb_close(directory) }
        guard let ids = ids(directory) else { return nil }
        var function = PCIFunction(
            address: address, id: ids.id, subsystem: ids.subsystem, deviceClass: ids.deviceClass, headerType: nil)
        readPlace(directory, name, into: &function)
        readHeader(directory, into: &function)
        readBinding(directory, into: &function)
        function.bars = buffer.read(directory, SysfsPath.Function.resource) { ResourceLines.bars($0) } ?? []
        if function.deviceClass.isDisplay {
            function.isBootDisplay = buffer.decimal(directory, SysfsPath.Function.bootVGA).map { $0 == 1 }
        }
        return function
    }

    /// One read where the kernel is as we know it, single files where the tree is not.
    private func ids(_ directory: Int32) -> ModaliasLine? {
        if let ids = buffer.read(directory, SysfsPath.Function.modalias, { ModaliasLine($0) }) { return ids }
        guard let vendor = id(directory, SysfsPath.Function.vendor),
            let device = id(directory, SysfsPath.Function.device),
            let code = buffer.hex(directory, SysfsPath.Function.deviceClass), code <= 0xff_ffff
        else { return nil }
        let subsystem = id(directory, SysfsPath.Function.subsystemVendor).flatMap { vendor in
            id(directory, SysfsPath.Function.subsystemDevice).flatMap { PCIID.subsystem(vendor, $0) }
        }
        return ModaliasLine(
            id: PCIID(vendor: vendor, device: device), subsystem: subsystem, deviceClass: PCIClass(UInt32(code)))
    }

    private func id(_ directory: Int32, _ name: String) -> UInt16? {
        buffer.hex(directory, name).flatMap { UInt16(exactly: $0) }
    }

    /// Header type (offset 0x0e) and revision (0x08) from the standard header. Who sleeps is not woken for it: then the class
    /// tells the type.
    private func readHeader(_ directory: Int32, into function: inout PCIFunction) {
        if isAsleep(directory, function) {
            function.headerType = function.deviceClass.headerType
        } else {
            switch header(directory, function.deviceClass.headerType == 1) {
            case .sound(let type, let revision, let isLinkDown):
                function.isLinkDown = isLinkDown ? true : nil
                function.headerType = type
                function.revision = revision
                return
            case .silent(let sign): function.silence = Silence(sign)
            case nil: break
            }
        }
        function.revision = buffer.hex(directory, SysfsPath.Function.revision).flatMap { UInt8(exactly: $0) }
    }

    private enum Header {
        case sound(type: UInt8, revision: UInt8, isLinkDown: Bool)
        case silent(Silence.Sign)
    }

    /// Of a port also what its capabilities say about its link.
    private func header(_ directory: Int32, _ isPort: Bool) -> Header? {
        buffer.read(directory, SysfsPath.Function.config, atMost: isPort ? 256 : 64) { bytes in
            guard bytes.count > 0x0e else { return nil }
            let type = bytes[0x0e] & 0x7f
            if type <= 2, !isPort { return .sound(type: type, revision: bytes[0x08], isLinkDown: false) }
            let space = ConfigSpace(bytes.withUnsafeBufferPointer { Array($0) })
            if let sign = space.silence { return .silent(sign) }
            return .sound(type: type, revision: bytes[0x08], isLinkDown: space.isLinkDown)
        }
    }

    /// Virtual functions sleep only with their parent.
    private func isAsleep(_ directory: Int32, _ function: PCIFunction) -> Bool {
        if case .virtual = function.role { return false }
        return FunctionSleep.isDeep(directory, buffer)
    }

    private func readPlace(_ directory: Int32, _ name: UnsafePointer<CChar>, into function: inout PCIFunction) {
        function.topologyPath = buffer.link(devices, name) { TopologyPath.path($0) } ?? ""
        function.iommuGroup = group(directory)
        function.numaNode = numaNode(directory)
        // SR-IOV is for endpoints only (PCI Express Base Specification, section 9.3.3).
        let isBridge = function.deviceClass.baseAndSub == 0x0604
        function.role = isBridge ? .plain : role(directory, isLocked: locked.contains(function.address))
    }

    /// The kernel's word where it has one; else the node whose CPUs it calls near.
    private func numaNode(_ directory: Int32) -> NUMANode? {
        guard let node = buffer.decimal(directory, SysfsPath.Function.numaNode) else { return nil }
        if node >= 0 { return node <= 0xffff ? NUMANode(node) : nil }
        guard numa.isWorthAsking else { return nil }
        return buffer.read(directory, SysfsPath.Function.localCPUs) { bytes in
            numa.node(nearCPUs: KernelText.string(bytes, KernelText.firstLine(bytes)))
        }
    }

    private mutating func readBinding(_ directory: Int32, into function: inout PCIFunction) {
        function.driver = buffer.link(directory, SysfsPath.Function.driver) { bytes in
            let name = KernelText.lastComponent(bytes)
            return name.isEmpty ? nil : KernelText.string(bytes, name)
        }
        if !locked.contains(function.address) {
            function.driverOverride = buffer.read(directory, SysfsPath.Function.driverOverride) { Self.override($0) }
        }
        let methods = buffer.read(directory, SysfsPath.Function.resetMethod) { bytes in
            KernelText.string(bytes, KernelText.firstLine(bytes))
        }
        guard let methods else { return }
        let words = resetMethods[methods] ?? methods.split(separator: " ").map { String($0) }
        resetMethods[methods] = words
        function.resetMethods = words
    }

    /// `(null)` is what the kernel prints for none.
    static func override(_ bytes: Span<UInt8>) -> String? {
        let line = KernelText.firstLine(bytes)
        let text = KernelText.string(bytes, line)
        return text.isEmpty || text == "(null)" ? nil : text
    }
}

extension PCIFunctionReader {
    /// The group of a function that says nothing else.
    func group(_ name: UnsafePointer<CChar>) -> IOMMUGroupID? {
        let directory = pb_open_directory(devices, name)
        guard directory >= 0 else { return nil }
        defer { pb_close(directory) }
        return group(directory)
    }

    private func group(_ directory: Int32) -> IOMMUGroupID? {
        buffer.link(directory, SysfsPath.Function.iommuGroup) { bytes in
            KernelText.decimal(bytes, KernelText.lastComponent(bytes)).flatMap { $0 < 0 ? nil : IOMMUGroupID($0) }
        }
    }
}

extension PCIClass {
    /// What the header of a function of this class is like: PCI-to-PCI and CardBus bridges have their own.
    fileprivate var headerType: UInt8 {
        switch baseAndSub {
        case 0x0604: 1
        case 0x0607: 2
        default: 0
        }
    }
}
