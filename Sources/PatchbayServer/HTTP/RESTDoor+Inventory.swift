import Hummingbird
import PatchbayAPI
import PatchbayCore

extension RESTDoor {
    func inventory(_ call: RouteCall) async throws -> Response {
        switch call.route {
        case .status: try .json(try await control.status())
        case .openAPI: try .json(OpenAPIDocument.make())
        case .hosts: try Page(try await control.hosts(), call, key: \.name).response
        case .host: try .json(try await control.host(call.parameter(0)))
        case .refreshHost: try .json(try await control.refreshHost(call.parameter(0)))
        case .examineHost: try .json(try await control.examineHost(call.parameter(0)))
        case .survey: try .json(try await control.survey(host: call.parameter(0)))
        case .usbDevices:
            try Page(try await control.survey(host: call.parameter(0)).usb, call, key: \.id).response
        case .usbDevice:
            try .json(try await control.usbDevice(call.parameter(1), host: call.parameter(0)))
        case .devices:
            try Page(
                try await control.devices(
                    API.DeviceQuery(
                        kind: try call.choice("kind"), host: call["host"], filter: call["filter"], sort: call["sort"])),
                call, key: \.id
            ).response
        case .device:
            try .json(try await control.device("\(call.parameter(0))/\(call.parameter(1))"))
        case .deviceByShortName: try .json(try await control.device(call.parameter(0)))
        case .groups:
            try Page(try await control.groups(host: call["host"]), call, key: { "\($0.host)/\($0.number)" }).response
        case .group:
            try .json(try await control.group(try Self.groupNumber(call.parameter(1)), host: call.parameter(0)))
        default: throw Problem.notServed(call.route)
        }
    }

    private static func groupNumber(_ text: String) throws(Problem) -> Int {
        guard let number = Int(text), number >= 0 else {
            throw Problem(
                .malformedInput, "\"\(text)\" is no number of an IOMMU group.", next: ["Write a number from 0."])
        }
        return number
    }

    func devices(_ call: RouteCall) async throws -> Response {
        let dryRun = try call.dryRun
        switch call.route {
        case .prepareDevices:
            let names = try await call.body(API.DeviceNames.self).devices
            return try .json(try await control.prepareDevices(names, dryRun: dryRun))
        case .releaseDevices:
            let names = try await call.body(API.DeviceNames.self).devices
            return try .json(try await control.releaseDevices(names, dryRun: dryRun))
        case .returnDevices:
            let names = try await call.body(API.DeviceNames.self).devices
            return try .json(try await control.returnDevices(names, dryRun: dryRun))
        case .dropStored:
            return try .json(try await control.dropStored(try await call.body(API.StoredKey.self).key, dryRun: dryRun))
        case .makePassthrough:
            let request = try await call.body(API.PassthroughRequest.self)
            return try .json(try await control.makePassthrough(request, dryRun: dryRun))
        default: throw Problem.notServed(call.route)
        }
    }
}

extension Problem {
    /// A route that was sent to the wrong part of the door.
    static func notServed(_ route: Route) -> Problem {
        Problem(.failed, "\(route.template) is not served.", next: ["Report this: it is a mistake in the server."])
    }
}
