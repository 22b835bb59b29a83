import ArgumentParser

/// `patchbay device`
struct DeviceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "device", abstract: "Devices of hosts: what can be lent to VMs, and why the rest cannot.",
        subcommands: [
            DeviceList.self, DeviceShow.self, DevicePrepare.self, DeviceRelease.self, DeviceReturn.self,
            DevicePassthrough.self,
        ])
}
