import ArgumentParser

/// `patchbay device`
struct DeviceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "device", abstract: "What could go to a VM, and why it can or cannot.",
        subcommands: [
            DeviceList.self, DeviceShow.self, DevicePrepare.self, DeviceRelease.self, DeviceReturn.self,
            DevicePassthrough.self,
        ])
}
