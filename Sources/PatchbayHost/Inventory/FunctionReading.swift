import CPatchbayHost
import PatchbayCore

/// What came of reading one directory below `sys/bus/pci/devices`.
enum FunctionReading {
    case function(PCIFunction)
    /// It does not say which device it is: gone meanwhile, or no function at all. Its group may still be told.
    case unreadable(PCIAddress, IOMMUGroupID?)
    /// Its name is no address that Patchbay can use.
    case unsupported(String)
}

extension PCIFunctionReader {
    mutating func reading(_ name: UnsafePointer<CChar>) -> FunctionReading {
        guard let address = Self.address(name) else { return .unsupported(String(cString: name)) }
        if let function = read(name, as: address) { return .function(function) }
        return .unreadable(address, group(name))
    }

    static func address(_ name: UnsafePointer<CChar>) -> PCIAddress? {
        let length = pb_find_byte(name, 0, 256, 0)
        return UnsafeRawBufferPointer(start: name, count: length).withMemoryRebound(to: UInt8.self) {
            KernelText.address($0.span, 0..<length)
        }
    }
}
