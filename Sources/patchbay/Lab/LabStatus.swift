import ArgumentParser
import PatchbayCore
import PatchbayLab

struct LabStatus: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show which hosts run; exits with 3 if none does.")

    @OptionGroup var options: LabOptions

    @Flag(help: "Also list the address of each device.")
    var devices = false

    func run() async throws {
        let lab = options.lab
        let hosts = try lab.hosts()
        print("directory  \(lab.directory)")
        print("server     \(lab.server.process.map { "\(lab.server.url ?? "") (process \($0.pid))" } ?? "down")")
        if lab.server.process != nil { print("use        export PATCHBAY_SERVER=unix:\(lab.server.socket)") }
        for host in hosts {
            print("\(host.name)       \(host.process.map { "up (process \($0.pid))" } ?? "down")")
            guard devices, host.process != nil else { continue }
            let addresses = try await host.addresses()
            for device in host.description.devices {
                guard let address = addresses[device.id] else { continue }
                print("  \(address)  \(device.id)  \(device.model)")
            }
        }
        guard hosts.contains(where: { $0.process != nil }) else {
            throw Problem(.unknownHost, "No host of this lab runs.", next: [NextStep(lab.command("up"))])
        }
        if hosts.contains(where: { $0.process == nil }) || lab.server.port != nil && lab.server.process == nil {
            print("next       Start what is down: \(lab.command("up"))")
        }
    }
}
