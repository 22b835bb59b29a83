import PatchbayAPI
import PatchbayCore

/// What one host says to a claim, with its devices folded below.
struct HostAnswer: Sendable, Hashable {
    /// Devices that are listed; a host may have thousands.
    static let mostDevices = 64

    let id: String
    let host: String
    let href: String
    let mark: ReasonMark
    /// The first test that it fails, or that it would do.
    let sentence: String
    /// How many others say the very same; empty: none.
    let alike: String
    /// Devices that the claim asks for.
    let asked: [DeviceAnswer]
    /// Devices that it does not ask for.
    let others: [DeviceAnswer]
    let othersTitle: String
    /// How many devices are not listed; empty: none.
    let more: String
    let hasDevices: Bool
    let hasOthers: Bool
    let isOpen: Bool

    /// - Parameters:
    ///   - serves: it is the one that has it.
    ///   - isOpen: the devices are shown at once.
    init(_ fit: API.HostFit, serves: Bool, isOpen: Bool, now: Int) {
        self.id = "fit-\(API.Device.elementID(of: fit.host))"
        self.host = fit.host
        self.href = Link.host(fit.host)
        self.mark = ReasonMark(fit.reason?.code)
        self.sentence = fit.reason?.sentence ?? (serves ? "It serves the claim." : "It would serve the claim.")
        self.alike =
            fit.alike == 0
            ? "" : "and \(fit.alike) more host\(fit.alike == 1 ? "" : "s") for the same reason"
        let asked = fit.devices.filter { $0.request != nil }
        let others = fit.devices.filter { $0.request == nil }
        self.asked = asked.prefix(Self.mostDevices).map { DeviceAnswer($0, now: now) }
        self.others = others.prefix(Self.mostDevices).map { DeviceAnswer($0, now: now) }
        self.othersTitle = "\(others.count) that \(others.count == 1 ? "is" : "are") not requested"
        let hidden = fit.devices.count - self.asked.count - self.others.count
        self.more = hidden == 0 ? "" : "and \(hidden) more"
        self.hasDevices = !fit.devices.isEmpty
        self.hasOthers = !others.isEmpty
        self.isOpen = isOpen && !fit.devices.isEmpty
    }
}
