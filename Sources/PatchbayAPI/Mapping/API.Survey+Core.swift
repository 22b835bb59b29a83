import PatchbayCore

extension API.Survey {
    /// - Parameter standing: how a USB device stands.
    package init(_ inventory: Inventory, standing: (DeviceKey) -> API.Device.Standing) {
        let survey = inventory.survey ?? HostSurvey()
        let host = inventory.host.name
        self.init(
            host: host, wasRead: inventory.survey != nil, platform: API.Platform(survey.platform),
            usb: inventory.usb.sorted(by: PatchbayCore.USBDevice.isBefore).map {
                API.USBDevice($0, in: inventory, standing: standing($0.key))
            },
            mediatedParents: survey.mediatedParents.map { API.MediatedParent($0, host: host) },
            mediatedDevices: survey.mediatedDevices.map { API.MediatedDevice($0, host: host) },
            holders: Dictionary(
                survey.holders.map { ($0.key.description, $0.value.map(API.Holder.init)) },
                uniquingKeysWith: { first, _ in first }))
    }
}

extension API.MediatedParent {
    package init(_ parent: PatchbayCore.MediatedParent, host: String) {
        self.init(
            device: DeviceID(host: host, key: parent.address.key).description, kind: parent.kind.rawValue,
            types: parent.types.map {
                API.MediatedType(
                    id: $0.id, name: $0.name, description: $0.description, deviceAPI: $0.deviceAPI,
                    available: $0.available)
            }, currentType: parent.currentType,
            mig: parent.mig.map {
                API.MIGState(isEnabled: $0.isEnabled, isPending: $0.isPending, instances: $0.instances)
            })
    }
}

extension API.MediatedDevice {
    package init(_ device: PatchbayCore.MediatedDevice, host: String) {
        self.init(
            uuid: device.uuid, parent: device.parent.map { DeviceID(host: host, key: $0.key).description },
            type: device.type, iommuGroup: device.iommuGroup?.rawValue)
    }
}
