import Foundation
import PatchbayCore
import PatchbayHost

/// Where inputs are read from that have to be files: a small tree of its own, and devices to look up.
struct InputRoom: Sendable {
    let folder: String

    /// Makes the tree below `folder`.
    init(folder: String) throws {
        self.folder = folder
        function = PCIFunction(
            address: try PCIAddress("0000:41:00.0"), id: PCIID(vendor: 0x10de, device: 0x20b5),
            subsystem: PCIID(vendor: 0x10de, device: 0x1533), deviceClass: PCIClass(0x030200),
            vendorName: "NVIDIA Corporation", deviceName: "A100", driver: "nvidia")
        guard let port = USBAddress(bus: 1, chain: [1]) else { throw CocoaError(.featureUnsupported) }
        stick = USBDevice(
            address: port, port: USBPort(controller: nil), deviceNumber: 2, vendor: 0x0781, product: 0x5581)
        try FileManager.default.createDirectory(atPath: "\(folder)/tree", withIntermediateDirectories: true)
        try SampleHost().make(below: "\(folder)/tree")
    }

    /// A device that inputs are asked about.
    let function: PCIFunction
    let stick: USBDevice

    /// The bytes as a file; its path.
    func file(_ bytes: [UInt8]) throws -> String {
        guard TreeFiles.write("\(folder)/input", bytes) else { throw CocoaError(.fileWriteUnknown) }
        return "\(folder)/input"
    }

    /// Reads the tree with the bytes in place of what the files held.
    func read(_ bytes: [UInt8], as paths: [String]) throws {
        for path in paths {
            guard TreeFiles.write("\(folder)/tree/\(path)", bytes) else { throw CocoaError(.fileWriteUnknown) }
        }
        _ = try InventoryReader(root: "\(folder)/tree").observe()
    }
}
