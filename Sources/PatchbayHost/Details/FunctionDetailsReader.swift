import CPatchbayHost
import PatchbayCore

/// Reads the details of one function after the other; each is independent of the others.
struct FunctionDetailsReader: ~Copyable {
    private let devices: Int32
    private let buffer = AttributeBuffer()

    init(devices: Int32) { self.devices = devices }

    /// nil: the function is gone.
    mutating func read(_ function: PCIFunction) -> PCIDetails? {
        let directory = pb_open_directory(devices, function.address.description)
        guard directory >= 0 else { return nil }
        defer { pb_close(directory) }
        var details = PCIDetails()
        details.powerState = line(directory, SysfsPath.Function.powerState)
        details.link = link(directory)
        return details
    }

    private func link(_ directory: Int32) -> PCILink? {
        let link = PCILink(
            speed: line(directory, SysfsPath.Function.currentLinkSpeed).flatMap { PCILink.speed($0) },
            width: line(directory, SysfsPath.Function.currentLinkWidth).flatMap { PCILink.width($0) },
            maxSpeed: line(directory, SysfsPath.Function.maxLinkSpeed).flatMap { PCILink.speed($0) },
            maxWidth: line(directory, SysfsPath.Function.maxLinkWidth).flatMap { PCILink.width($0) })
        return link == PCILink() ? nil : link
    }

    /// The first line; nil: absent or empty.
    private func line(_ directory: Int32, _ name: String) -> String? {
        buffer.read(directory, name) { bytes in
            let line = KernelText.firstLine(bytes)
            return line.isEmpty ? nil : KernelText.string(bytes, line)
        }
    }
}
