import PatchbayAPI
import PatchbayCore

/// What the guest itself needs before it can use a device. The host cannot install it.
enum GuestDriverHint {
    static func hints(for devices: [API.Device]) -> [String] {
        var seen: Set<String> = []
        return devices.filter { seen.insert("\($0.vendorID):\($0.deviceID)").inserted }.map { device in
            "\(device.briefName): \(advice(for: device))"
        }
    }

    private static func advice(for device: API.Device) -> String {
        if let advice = device.kind.guestAdvice { return advice }
        return switch (device.vendorID, device.classCode.prefix(2)) {
        case ("10de", "03"): "the guest needs NVIDIA's driver for this model and its system."
        case ("1002", "03"): "Linux guests have amdgpu and may need its firmware; Windows needs AMD's driver."
        case (_, "03"): "the guest needs the vendor's display driver."
        case (_, "01"): "most guests have a driver for it; check its contents before you format it."
        case (_, "02"): "Linux guests usually have a driver; Windows may need the vendor's."
        default: "the guest may need a driver for this model; which one depends on its system."
        }
    }
}
