import Foundation
import PatchbayCore
import PatchbayHost
import PatchbayLab

extension LabHost {
    /// Our program, as the host sees it.
    static let program = "/share/patchbay/patchbay"

    /// The host, with nothing replaced, as a recording of it tells.
    func recorded(_ name: String) async throws -> Inventory {
        try await shell("\(Self.program) host record /share/\(name).tar --no-anonymise")
        return try await HostSource.read("\(files.share)/\(name).tar") { (directory) throws(Problem) in
            try InventoryReader(root: directory).survey().inventory
        }
    }

    /// The one function behind a port, as soon as the kernel shows it.
    func arrival(behind port: PCIAddress) async throws -> PCIAddress {
        let script = """
            cd /sys/bus/pci/devices/\(port)
            until name=$(ls -d 0000:??:??.? 2>/dev/null); do sleep 0.02; done
            echo $name
            """
        return try PCIAddress(try await shell(script).trimmingCharacters(in: .whitespacesAndNewlines))
    }

    /// Returns as soon as the kernel shows the function no more.
    func departure(of address: PCIAddress) async throws {
        try await shell("while [ -e /sys/bus/pci/devices/\(address) ]; do sleep 0.02; done")
    }

    func doctor() async throws -> DoctorReport {
        let answer = try await run([Self.program, "doctor", "-o", "json"])
        do {
            return try JSONDecoder().decode(DoctorReport.self, from: Data(answer.output.utf8))
        } catch {
            throw Problem(.failed, "The doctor said no report.", evidence: [answer.errors], cause: "\(error)")
        }
    }
}
