import PatchbayCore

/// Names for ids, out of the `pci.ids` list of the machine this runs on.
///
/// The list has some 40,000 lines, a host needs some dozens of them: one pass over the mapped file keeps what is wanted.
/// Format: <https://pci-ids.ucw.cz/>; vendors at the line's start, devices behind one tab, subsystems behind two; then
/// classes likewise, behind `C `.
struct PCINames {
    struct Subsystem: Hashable {
        var device: PCIID
        var subsystem: PCIID
    }

    private(set) var vendors: [UInt16: String?] = [:]
    private(set) var devices: [PCIID: String?] = [:]
    private(set) var subsystems: [Subsystem: String?] = [:]
    private(set) var classes: [UInt16: String?] = [:]

    /// Looks up what `functions` need. `paths`: the first that can be read is used; without any there are no names.
    init(for functions: [PCIFunction], in paths: [String] = SysfsPath.pciNames) {
        for function in functions {
            vendors[function.id.vendor] = .some(nil)
            devices[function.id] = .some(nil)
            classes[function.deviceClass.baseAndSub] = .some(nil)
            guard let subsystem = function.subsystem else { continue }
            subsystems[Subsystem(device: function.id, subsystem: subsystem)] = .some(nil)
        }
        var section = PCINameSection.skipped
        NameList.forEachLine(of: paths) { bytes, line in take(bytes, line, &section) }
    }

    /// Puts the names into a function.
    func name(_ function: inout PCIFunction) {
        function.vendorName = vendors[function.id.vendor] ?? nil
        function.deviceName = devices[function.id] ?? nil
        function.className = classes[function.deviceClass.baseAndSub] ?? nil
        guard let subsystem = function.subsystem else { return }
        function.subsystemName = subsystems[Subsystem(device: function.id, subsystem: subsystem)] ?? nil
    }

    private mutating func take(_ bytes: Span<UInt8>, _ line: Range<Int>, _ section: inout PCINameSection) {
        guard bytes[line.lowerBound] == 0x09 else {
            section = open(bytes, line)
            return
        }
        switch section {
        case .skipped: return
        case .vendor(let vendor, let device): takeDevice(bytes, line, vendor, device, &section)
        case .base(let base): takeSubclass(bytes, line, base)
        }
    }

    /// A line that begins a vendor or a base class.
    private mutating func open(_ bytes: Span<UInt8>, _ line: Range<Int>) -> PCINameSection {
        if line.count > 6, bytes[line.lowerBound] == 0x43, bytes[line.lowerBound + 1] == 0x20 {
            let digits = (line.lowerBound + 2)..<(line.lowerBound + 4)
            return KernelText.hex(bytes, digits).map { .base(UInt8($0)) } ?? .skipped
        }
        guard line.count > 6, let id = Self.id(bytes, line.lowerBound), vendors[id] != nil else { return .skipped }
        vendors[id] = .some(KernelText.string(bytes, (line.lowerBound + 6)..<line.upperBound))
        return .vendor(id, device: nil)
    }

    private mutating func takeDevice(
        _ bytes: Span<UInt8>, _ line: Range<Int>, _ vendor: UInt16, _ device: UInt16?, _ section: inout PCINameSection
    ) {
        let start = line.lowerBound
        guard line.count > 7 else { return }
        if bytes[start + 1] != 0x09 {
            guard let id = Self.id(bytes, start + 1) else { return }
            let key = PCIID(vendor: vendor, device: id)
            let isWanted = devices[key] != nil
            section = .vendor(vendor, device: isWanted ? id : nil)
            if isWanted { devices[key] = .some(KernelText.string(bytes, (start + 7)..<line.upperBound)) }
            return
        }
        guard let device, line.count > 13, let subsystemVendor = Self.id(bytes, start + 2),
            let subsystemDevice = Self.id(bytes, start + 7)
        else { return }
        let key = Subsystem(
            device: PCIID(vendor: vendor, device: device),
            subsystem: PCIID(vendor: subsystemVendor, device: subsystemDevice))
        guard subsystems[key] != nil else { return }
        subsystems[key] = .some(KernelText.string(bytes, (start + 13)..<line.upperBound))
    }

    private mutating func takeSubclass(_ bytes: Span<UInt8>, _ line: Range<Int>, _ base: UInt8) {
        let start = line.lowerBound
        guard line.count > 5, bytes[start + 1] != 0x09,
            let sub = KernelText.hex(bytes, (start + 1)..<(start + 3))
        else { return }
        let key = UInt16(base) << 8 | UInt16(sub)
        guard classes[key] != nil else { return }
        classes[key] = .some(KernelText.string(bytes, (start + 5)..<line.upperBound))
    }

    private static func id(_ bytes: Span<UInt8>, _ start: Int) -> UInt16? {
        KernelText.hex(bytes, start..<(start + 4)).flatMap { UInt16(exactly: $0) }
    }
}

/// Which lines of `pci.ids` come now.
enum PCINameSection {
    case skipped
    case vendor(UInt16, device: UInt16?)
    case base(UInt8)
}
