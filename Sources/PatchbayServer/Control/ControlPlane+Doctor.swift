import PatchbayAPI
import PatchbayCore

extension ControlPlane {
    /// By the inventory that the host's agent reported last: the doctor reads nothing.
    package func examineHost(_ name: String) async throws(Problem) -> API.DoctorReport {
        let fleet = try await view.fleet()
        guard let inventory = fleet.hosts[name]?.inventory else { throw fleet.unknownHost(name) }
        let clashes = fleet.view(of: name)?.clashes ?? []
        return API.DoctorReport(try await view.examination(of: name, inventory, clashes: clashes))
    }
}
