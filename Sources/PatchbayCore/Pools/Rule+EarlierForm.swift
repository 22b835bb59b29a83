/// Rules that were written before rules had tags have none.
extension Rule {
    private enum Key: String, CodingKey { case name, host, isEnabled, conditions, madeFrom, tags }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        self.init(
            name: try values.decode(String.self, forKey: .name),
            host: try values.decodeIfPresent(String.self, forKey: .host),
            isEnabled: try values.decode(Bool.self, forKey: .isEnabled),
            conditions: try values.decode([Condition].self, forKey: .conditions),
            madeFrom: try values.decodeIfPresent(DeviceID.self, forKey: .madeFrom),
            tags: try values.decodeIfPresent([String: String].self, forKey: .tags) ?? [:])
    }
}
